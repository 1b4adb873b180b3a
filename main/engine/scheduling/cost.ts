import type { JobState, SheetState } from './state.ts'

/** What a sheet cost so far in USD; 0 where nobody named a price. */
export const costOf = ({ usage }: SheetState): number => usage.costUsd ?? 0

/** What counts against the job's limit, in USD. */
export function spent({ sheets, costBase }: Pick<JobState, 'sheets' | 'costBase'>): number {
  let sum = -costBase
  for (const sheet of sheets) sum += costOf(sheet)
  return sum
}

/** The job's money is used up (Marianne §7.8): it pauses, and pauses again until the limit is raised. */
export const isOverBudget = (job: JobState): boolean => job.policy.maxCostPerJob !== null && spent(job) > job.policy.maxCostPerJob

/** The sheet cost more than the score allows one (Marianne §7.8). */
export const isSheetOverBudget = ({ policy }: Pick<JobState, 'policy'>, sheet: SheetState): boolean =>
  policy.maxCostPerSheet !== null && costOf(sheet) > policy.maxCostPerSheet

/** The step from `before` to `after` crossed the share of the limit at which its user is told. */
export function crossedWarning(before: JobState, after: JobState): boolean {
  const { maxCostPerJob, costWarnPercent } = after.policy
  if (maxCostPerJob === null) return false
  const line = (maxCostPerJob * costWarnPercent) / 100
  return spent(before) < line && spent(after) >= line
}
