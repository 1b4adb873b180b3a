import type { Usage } from '../scheduling/state.ts'
import { amountAt, type Json } from './json-paths.ts'
import type { InstrumentProfile, ModelProfile } from './profile.ts'

/** What a program says it used; null where it says nothing. */
export interface Counts {
  readonly input: number | null
  readonly output: number | null
  readonly cacheRead: number | null
  readonly cacheWrite: number | null
  readonly cost: number | null
}

/** Reads the counts out of a result or event; null when it holds none. */
export function countsOf(profile: InstrumentProfile, event: Json): Counts | null {
  const { output } = profile.cli
  const counts = {
    input: amountAt(event, output.input_tokens_path),
    output: amountAt(event, output.output_tokens_path),
    cacheRead: amountAt(event, output.cache_read_tokens_path),
    cacheWrite: amountAt(event, output.cache_write_tokens_path),
    cost: output.cost_path === undefined ? null : amountAt(event, [output.cost_path]),
  }
  return counts.input === null && counts.output === null && counts.cost === null ? null : counts
}

export function addCounts(a: Counts, b: Counts): Counts {
  const sum = (one: number | null, other: number | null) => (one === null && other === null ? null : (one ?? 0) + (other ?? 0))
  return {
    input: sum(a.input, b.input),
    output: sum(a.output, b.output),
    cacheRead: sum(a.cacheRead, b.cacheRead),
    cacheWrite: sum(a.cacheWrite, b.cacheWrite),
    cost: sum(a.cost, b.cost),
  }
}

/**
 * Tokens and cost as Fermata keeps them. The program's own cost stands above the one that follows from the model's prices;
 * without either it is unknown.
 */
export function usageFrom(profile: InstrumentProfile, counts: Counts, model: ModelProfile | null): Usage {
  const cacheReadTokens = tokens(counts.cacheRead)
  const input = tokens(counts.input)
  const usage = {
    inputTokens: profile.cli.output.input_includes_cache ? Math.max(0, input - cacheReadTokens) : input,
    outputTokens: tokens(counts.output),
    cacheReadTokens,
    cacheWriteTokens: tokens(counts.cacheWrite),
  }
  return { ...usage, costUsd: counts.cost ?? priceOf(usage, model) }
}

/** Whatever a program prints, tokens are whole and can be stored. */
function tokens(count: number | null): number {
  return Math.min(Math.round(count ?? 0), Number.MAX_SAFE_INTEGER)
}

function priceOf(usage: Omit<Usage, 'costUsd'>, model: ModelProfile | null): number | null {
  const { cost_per_1k_input: input, cost_per_1k_output: output } = model ?? {}
  if (input === undefined || output === undefined) return null
  const perThousand =
    usage.inputTokens * input +
    usage.outputTokens * output +
    usage.cacheReadTokens * (model?.cost_per_1k_cache_read ?? input) +
    usage.cacheWriteTokens * (model?.cost_per_1k_cache_write ?? input)
  return perThousand / 1000
}
