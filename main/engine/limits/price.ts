import type { Usage } from '../scheduling/state.ts'
import type { Score } from '../score/score.ts'

/** What an assumed price may be too high by. */
const LEAST = 0.1

/**
 * The usage with a cost, where the score sets a limit in USD and nobody knows the model's price: estimated at the score's own
 * rates (Marianne §7.8), so that the limit holds for every instrument.
 */
export function priced(usage: Usage, { cost_limits: limits, budgets }: Pick<Score, 'cost_limits' | 'budgets'>): Usage {
  const amounts = [limits.max_cost_per_job, limits.max_cost_per_sheet, budgets.job?.usd, budgets.sheet?.usd]
  if (usage.costUsd !== null || amounts.every((amount) => amount === null || amount === undefined)) return usage
  const { unpricedTokens: _, ...told } = usage
  const input = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens
  const cost = (input / 1000) * limits.cost_per_1k_input_tokens + (usage.outputTokens / 1000) * limits.cost_per_1k_output_tokens
  // Nobody's price: it is shown as a guess, and a budget counts all of it.
  return { ...told, costUsd: cost, costRange: [cost * LEAST, cost], source: `${usage.source ?? 'its figures'}; price assumed` }
}
