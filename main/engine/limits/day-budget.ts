import { usedOf } from '../scheduling/budgets.ts'
import type { BudgetAction, Usage } from '../scheduling/state.ts'
import type { BudgetView } from '../views.ts'

/** What all jobs together may use on one day of their user's calendar; 0 is no limit. Tokens and USD. */
export interface DayLimits {
  readonly dayTokens: number
  readonly dayUsd: number
  /** Share (1–100) of a limit at which its user is told. */
  readonly dayWarnPercent: number
  readonly dayAction: BudgetAction
}

/** The budget of a day and what was used of it; null when there is none, and then nothing is counted. */
export function dayBudget(count: () => Usage, { dayTokens, dayUsd, dayWarnPercent, dayAction }: DayLimits): BudgetView | null {
  if (dayTokens === 0 && dayUsd === 0) return null
  const { tokens, usd } = usedOf(count())
  const share = Math.max(dayTokens === 0 ? 0 : tokens / dayTokens, dayUsd === 0 ? 0 : usd / dayUsd)
  return {
    scope: 'day',
    sheet: null,
    tokens: dayTokens === 0 ? null : { used: tokens, limit: dayTokens },
    usd: dayUsd === 0 ? null : { used: usd, limit: dayUsd },
    warnPercent: dayWarnPercent,
    action: dayAction,
    state: share > 1 ? 'over' : 100 * share >= dayWarnPercent ? 'warned' : 'ok',
  }
}

/** The day of its user's calendar as `YYYY-MM-DD`. `at` is epoch ms. */
export function dayOf(at: number): string {
  const date = new Date(at)
  const two = (number: number) => String(number).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** When the next day begins, in epoch ms: at midnight, or when the clock first shows the new day where it skips midnight. */
export function nextDay(at: number): number {
  const date = new Date(at)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime()
}
