import { JobSubmissionError } from '../errors.ts'
import type { JobService } from '../job-service.ts'
import { amounts } from '../running/metering/day-watch.ts'
import { budgetRefusal, jobOverrun, sheetOverrun } from '../scheduling/budgets.ts'
import type { JobState } from '../scheduling/state.ts'
import { addUsage } from '../scheduling/usage.ts'
import type { UsageRow } from '../views.ts'
import type { Desk } from './desk.ts'
import type { ServiceParts } from './parts.ts'

const REMEDY = 'Raise it in the window or in the score, then resume.'

/** Refuses to let a job go on whose budget is used up. @throws JobSubmissionError BUDGET_SPENT */
export function refuseSpent(job: JobState): void {
  const why = budgetRefusal(job)
  if (why !== null) throw new JobSubmissionError('BUDGET_SPENT', why, { remedy: REMEDY })
}

/** Refuses to run a sheet again that may use no more. @throws JobSubmissionError BUDGET_SPENT */
export function refuseSpentSheet(job: JobState, number: number): void {
  const sheet = job.sheets[number - 1]
  const overruns = [jobOverrun(job), sheet ? sheetOverrun(job, sheet) : null]
  const over = overruns.find((one) => one !== null && one.action !== 'notify')
  if (over)
    throw new JobSubmissionError(
      'BUDGET_SPENT',
      `The budget of ${over.scope === 'job' ? 'the job' : `sheet ${number}`} is used up.`,
      {
        remedy: REMEDY,
      },
    )
}

type Budgeting = Pick<JobService, 'setBudget' | 'usageReport'>

/** Budgets that their user changes, and what was used. */
export function createBudgeting({ conductor, day, usageDays, metering }: ServiceParts, desk: Desk): Budgeting {
  return {
    async setBudget(jobId, scope, { tokens, usd }) {
      refuseNonsense(tokens, usd)
      metering.tellAll(jobId)
      const { state } = desk.find(jobId)
      if (state.status === 'completed')
        throw new JobSubmissionError('ILLEGAL_IN_STATUS', 'The job is completed: its budget does not matter any more.', {
          remedy: 'Change the score for the next one.',
        })
      const { budgets } = state.policy
      conductor.apply(jobId, {
        type: 'budgets_changed',
        budgets: { ...budgets, [scope]: { ...budgets[scope], tokens, usd } },
      })
      return desk.summary(jobId)
    },
    async usageReport(since) {
      day.flush()
      const rows = new Map<string, UsageRow>()
      for (const { day: on, instrument, model, jobId, jobName, usage } of usageDays.since(since)) {
        const key = JSON.stringify([on, instrument, model, jobId])
        const row = rows.get(key)
        rows.set(
          key,
          row
            ? { ...row, attempts: row.attempts + 1, usage: addUsage(row.usage, usage) }
            : { day: on, instrument, model, jobId, jobName, attempts: 1, usage },
        )
      }
      return { rows: [...rows.values()], today: day.view() }
    },
  }
}

/** @throws JobSubmissionError BUDGET_INVALID */
function refuseNonsense(tokens: number | null, usd: number | null): void {
  const isWhole = tokens === null || (Number.isSafeInteger(tokens) && tokens > 0)
  const isAmount = usd === null || (Number.isFinite(usd) && usd > 0)
  if (!isWhole || !isAmount)
    throw new JobSubmissionError('BUDGET_INVALID', 'A budget is a whole number of tokens, or an amount in USD, above 0.', {
      remedy: 'Leave it empty for no limit.',
    })
}

/** Refuses to thaw what today's budget would freeze or end again. @throws JobSubmissionError BUDGET_SPENT */
export function refuseSpentDay({ frozen }: JobState, { day }: Pick<ServiceParts, 'day'>): void {
  const budget = frozen ? day.view() : null
  if (budget?.state === 'over' && (budget.action === 'freeze' || budget.action === 'cancel'))
    throw new JobSubmissionError('BUDGET_SPENT', `Today's budget is used up: ${amounts(budget)}.`, {
      remedy: 'Raise it in the settings, or wait until midnight.',
    })
}
