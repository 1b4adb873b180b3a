import { constants } from 'node:os'
import { JobSubmissionError, type JobSummary } from '../engine/index.ts'

/** Exit status of a refused score or refused arguments. */
export const REFUSED = 2
/** Exit status of a job that stands still until someone lets it go on. */
const HELD = 3
/** Exit status of a run that went wrong outside the job, such as a database that cannot be opened. */
export const FAILED = 1
const CANCELLED = 128 + constants.signals.SIGINT
/** What a shell is told of many jobs: the first of these that holds for one. */
const WORST_FIRST = [FAILED, CANCELLED, HELD]

type Ending = Pick<JobSummary, 'status' | 'cancelling' | 'wakeAt' | 'frozen' | 'limitWait'>

/**
 * The exit status for a job that will not go on by itself: 0 completed, 1 failed, 3 paused, interrupted or waiting for a
 * decision or a login, 130 cancelled;
 * null while it does go on.
 */
export function exitStatus({ status, cancelling, wakeAt, frozen, limitWait }: Ending): number | null {
  // What was frozen for want of memory thaws by itself.
  if (cancelling || frozen?.by === 'pressure') return null
  switch (status) {
    case 'completed':
      return 0
    case 'failed':
      return FAILED
    case 'paused':
    case 'interrupted':
      return HELD
    case 'cancelled':
      return CANCELLED
    case 'running':
    case 'pausing':
      return null
    case 'queued':
      return limitWait?.until === null ? HELD : null
    case 'waiting':
      return wakeAt === null ? HELD : null
  }
}

/** The exit status for jobs that will not go on by themselves: that of the worst one. */
export function exitStatusOfAll(jobs: readonly Ending[]): number {
  const statuses = jobs.map(exitStatus)
  return WORST_FIRST.find((status) => statuses.includes(status)) ?? 0
}

/** The exit status when nothing became of the run: 2 when the score was refused, else 1. */
export function exitStatusOf(error: unknown): number {
  return error instanceof JobSubmissionError ? REFUSED : FAILED
}

/** The exit status of a run that left its job behind because of `signal`, as a shell tells it. */
export function exitStatusFor(signal: 'SIGTERM' | 'SIGHUP'): number {
  return 128 + constants.signals[signal]
}
