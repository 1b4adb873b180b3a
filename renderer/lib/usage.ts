import type { Usage } from '../../preload/contract.ts'
import { formatCost, formatTokens, freshTokens, hasTokens, NONE } from './format.ts'

export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: null }

const CONFIDENCES = ['exact', 'reported', 'live', 'estimate'] as const
type Confidence = (typeof CONFIDENCES)[number]

/** How sure its figures are, in words. */
export const SURENESS: Readonly<Record<Confidence, string>> = {
  exact: 'Exact: each request was told',
  reported: 'Told as a total by the program',
  live: 'Told while it runs: the end may bring more',
  estimate: 'Estimated from its prompt and its text',
}

const sureness = (usage: Usage): Confidence => usage.confidence ?? 'exact'

/** The figures are less than what was told in the end. */
export const isEstimate = (usage: Usage): boolean => sureness(usage) === 'live' || sureness(usage) === 'estimate'

/** `412 k`, `~412 k`; a dash where none was told. */
export function tokensText(usage: Usage): string {
  if (!hasTokens(usage)) return NONE
  return `${isEstimate(usage) ? '~' : ''}${formatTokens(freshTokens(usage))}`
}

/** `$ 3.18`, `~$ 3.18`, `over $ 3.18` where some of it has no price; what nobody knows a price of is not free. */
export function costText(usage: Usage): string {
  if (usage.costUsd === null) return hasTokens(usage) ? 'price unknown' : NONE
  if ((usage.unpricedTokens ?? 0) > 0) return usage.costUsd === 0 ? 'price unknown' : `over ${formatCost(usage.costUsd)}`
  return `${usage.costRange || isEstimate(usage) ? '~' : ''}${formatCost(usage.costUsd)}`
}

/** `$ 2.10–3.40`; one figure where both look the same. */
export function formatCostRange(low: number, high: number): string {
  const [from, to] = [formatCost(low), formatCost(high)]
  if (from === to) return to
  return low < 0.01 ? `up to ${to}` : `${from}–${to.replace(/^\$\s/, '')}`
}

/** `29 k–50 k`; one figure where both look the same. */
export function formatTokensRange(low: number, high: number): string {
  const [from, to] = [formatTokens(low), formatTokens(high)]
  return from === to ? to : `${from}–${to}`
}

/** What is to be known of a cost beside the figure, in a few words; empty where it is certain. */
export function costNote(usage: Usage): string {
  const parts = [
    usage.costRange && formatCostRange(...usage.costRange),
    usage.unpricedTokens && usage.costUsd !== null && `no price for ${formatTokens(usage.unpricedTokens)} tokens`,
  ]
  return parts.filter(Boolean).join(', ')
}

/** The sum; it is as sure as its least sure part, and of unknown costs only the tokens are in it. */
export function sumUsage(parts: readonly Usage[]): Usage {
  return parts.reduce((sum, part) => {
    const confidence = CONFIDENCES[Math.max(CONFIDENCES.indexOf(sureness(sum)), CONFIDENCES.indexOf(sureness(part)))]
    const unpricedTokens = unpriced(sum) + unpriced(part)
    const bound = (which: 0 | 1) => boundOf(sum, which) + boundOf(part, which)
    return {
      inputTokens: sum.inputTokens + part.inputTokens,
      outputTokens: sum.outputTokens + part.outputTokens,
      cacheReadTokens: sum.cacheReadTokens + part.cacheReadTokens,
      cacheWriteTokens: sum.cacheWriteTokens + part.cacheWriteTokens,
      costUsd: sum.costUsd === null && part.costUsd === null ? null : (sum.costUsd ?? 0) + (part.costUsd ?? 0),
      ...(sum.costRange || part.costRange ? { costRange: [bound(0), bound(1)] as const } : {}),
      ...(unpricedTokens > 0 ? { unpricedTokens } : {}),
      ...(confidence && confidence !== 'exact' ? { confidence } : {}),
    }
  }, NO_USAGE)
}

const boundOf = ({ costRange, costUsd }: Usage, which: 0 | 1): number => costRange?.[which] ?? costUsd ?? 0

const unpriced = (usage: Usage): number =>
  usage.unpricedTokens ?? (usage.costUsd === null ? freshTokens(usage) + usage.cacheReadTokens : 0)
