import type { JobState, JobStatus, SheetState, SheetStatus } from './state.ts'

const TERMINAL_SHEETS: ReadonlySet<SheetStatus> = new Set(['completed', 'failed', 'skipped', 'cancelled'])
const TERMINAL_JOBS: ReadonlySet<JobStatus> = new Set(['completed', 'failed', 'cancelled'])

/** A terminal sheet is never changed by anything but the user's resume; a completed or skipped one not even by that. */
export const isTerminalSheet = (sheet: SheetState): boolean => TERMINAL_SHEETS.has(sheet.status)

/** A process of this sheet runs or is just being started. */
export const isInFlight = (sheet: SheetState): boolean => sheet.status === 'dispatched' || sheet.status === 'in_progress'

export const isTerminalJob = (status: JobStatus): boolean => TERMINAL_JOBS.has(status)

/** A sheet that waits for a moment in time: a backoff or a rate limit. */
export const isTimed = (sheet: SheetState): boolean => sheet.status === 'retry_scheduled' || sheet.status === 'waiting'

/** Lets those that depend on it go (Marianne §7.5): done, or left out by the score's or its user's wish. */
export const isSatisfied = (sheet: SheetState): boolean =>
  sheet.status === 'completed' || (sheet.status === 'skipped' && !isBlocked(sheet))

/** Skipped because a sheet before it failed, not by the score's wish (Marianne: blocked, error E999). */
export const isBlocked = (sheet: SheetState): boolean => sheet.status === 'skipped' && sheet.error !== null

/** The last sheet done before anything undone: where a pause stands. 0 when nothing is done. */
export function completedUpTo(job: JobState): number {
  let last = 0
  for (const sheet of job.sheets) {
    if (sheet.status !== 'completed' && sheet.status !== 'skipped') break
    last = sheet.number
  }
  return last
}
