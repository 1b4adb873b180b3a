import { CONFIDENCES, type Confidence, type Usage } from './state.ts'

export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: null }

/** Every token of it, whatever its kind. */
export const allTokens = (usage: Usage): number =>
  usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens

/**
 * The sum of two, in whatever order. An unknown cost adds nothing to the cost, but its tokens are `unpricedTokens`; two unknown
 * costs stay unknown. What is certain in one widens no range of the other. The sum is as sure as its least sure part, and names every source.
 */
export function addUsage(a: Usage, b: Usage | null): Usage {
  if (b === null) return a
  const unpricedTokens = unpriced(a) + unpriced(b)
  const confidence = lessSure(a.confidence, b.confidence)
  const sources = [...new Set([a, b].flatMap(({ source }) => source?.split(SEPARATOR) ?? []))].sort()
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    costUsd: a.costUsd === null && b.costUsd === null ? null : (a.costUsd ?? 0) + (b.costUsd ?? 0),
    ...(a.costRange || b.costRange ? { costRange: [bound(a, 0) + bound(b, 0), bound(a, 1) + bound(b, 1)] as const } : {}),
    ...(unpricedTokens > 0 ? { unpricedTokens } : {}),
    ...(confidence === 'exact' ? {} : { confidence }),
    ...(sources.length > 0 ? { source: sources.join(SEPARATOR) } : {}),
  }
}

const SEPARATOR = '; '

const bound = ({ costRange, costUsd }: Usage, which: 0 | 1): number => costRange?.[which] ?? costUsd ?? 0

/** Tokens whose price nobody knows. What an earlier Fermata kept without a cost was priced by nobody. */
export const unpriced = (usage: Usage): number => usage.unpricedTokens ?? (usage.costUsd === null ? allTokens(usage) : 0)

function lessSure(a: Confidence = 'exact', b: Confidence = 'exact'): Confidence {
  return CONFIDENCES.indexOf(a) >= CONFIDENCES.indexOf(b) ? a : b
}

/** What `a` is more than `b`, which is a part of it; never less than nothing: an estimate may have been too high. */
export function lessUsage(a: Usage, b: Usage): Usage {
  const less = (one: number, other: number) => Math.max(0, one - other)
  return {
    ...a,
    inputTokens: less(a.inputTokens, b.inputTokens),
    outputTokens: less(a.outputTokens, b.outputTokens),
    cacheReadTokens: less(a.cacheReadTokens, b.cacheReadTokens),
    cacheWriteTokens: less(a.cacheWriteTokens, b.cacheWriteTokens),
    costUsd: a.costUsd === null ? null : less(a.costUsd, b.costUsd ?? 0),
    ...(a.costRange ? { costRange: [less(bound(a, 0), bound(b, 0)), less(bound(a, 1), bound(b, 1))] as const } : {}),
    ...(a.unpricedTokens ? { unpricedTokens: less(a.unpricedTokens, unpriced(b)) } : {}),
  }
}
