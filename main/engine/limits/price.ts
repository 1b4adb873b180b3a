import type { Usage } from '../scheduling/state.ts'
import type { Score } from '../score/score.ts'

/**
 * The usage with a cost, where the score sets a limit and the instrument named no price: estimated at the score's own rates
 * (Marianne §7.8), so that the limit holds for every instrument.
 */
export function priced(usage: Usage | null, limits: Score['cost_limits']): Usage | null {
  const limited = limits.max_cost_per_job !== null || limits.max_cost_per_sheet !== null
  if (usage === null || usage.costUsd !== null || !limited) return usage
  const { inputTokens, outputTokens } = usage
  return {
    ...usage,
    costUsd: (inputTokens / 1000) * limits.cost_per_1k_input_tokens + (outputTokens / 1000) * limits.cost_per_1k_output_tokens,
  }
}
