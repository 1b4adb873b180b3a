import { type Spent, sheetOverrun, usedOf } from './scheduling/budgets.ts'
import type { Budget, JobState, Usage } from './scheduling/state.ts'
import { isInFlight, isSatisfied } from './scheduling/statuses.ts'
import { addUsage, NO_USAGE } from './scheduling/usage.ts'
import type { BudgetView } from './views.ts'

/**
 * The budgets of a job and of its sheets in flight or held back by theirs, with what was used of each.
 *
 * @param liveOf what the running attempt of a sheet used so far
 */
export function budgetViews(job: JobState, liveOf: (sheet: number) => Usage | null): readonly BudgetView[] {
  const { budgets } = job.policy
  const used = (sheet: JobState['sheets'][number]): Usage => addUsage(sheet.usage, liveOf(sheet.number) ?? sheet.live)
  const ofJob = viewOf('job', null, budgets.job, () => job.sheets.reduce((sum, sheet) => addUsage(sum, used(sheet)), NO_USAGE))
  const shown = job.sheets.filter((sheet) => isInFlight(sheet) || (!isSatisfied(sheet) && sheetOverrun(job, sheet) !== null))
  const ofSheets = shown.map((sheet) => viewOf('sheet', sheet.number, budgets.sheet, () => used(sheet)))
  return [ofJob, ...ofSheets].filter((view) => view !== null)
}

/** Null where there is no limit. */
function viewOf(scope: 'sheet' | 'job', sheet: number | null, budget: Budget, count: () => Usage): BudgetView | null {
  if (budget.tokens === null && budget.usd === null) return null
  const spent = usedOf(count())
  const share = Math.max(shareOf(budget.tokens, spent.tokens), shareOf(budget.usd, spent.usd))
  const of = (measure: keyof Spent) => {
    const limit = budget[measure]
    return limit === null ? null : { used: spent[measure], limit }
  }
  return {
    scope,
    sheet,
    tokens: of('tokens'),
    usd: of('usd'),
    warnPercent: budget.warnPercent,
    action: budget.action,
    state: share > 1 ? 'over' : 100 * share >= budget.warnPercent ? 'warned' : 'ok',
  }
}

const shareOf = (limit: number | null, used: number): number => (limit === null ? 0 : used / limit)
