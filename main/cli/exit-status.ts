import { constants } from 'node:os'
import { JobSubmissionError, type JobSummary } from '../engine/index.ts'

/** Exit status of a refused score or refused arguments. */
export const REFUSED = 2
/** Exit status of a run that went wrong outside the job, such as a database that cannot be opened. */
export const FAILED = 1

/**
 * The exit status for a job that will not go on by itself: 0 completed, 1 failed, 3 paused or interrupted, 130 cancelled;
 * null while it does go on.
 */
export function exitStatus({ status, cancelling }: Pick<JobSummary, 'status' | 'cancelling'>): number | null {
  if (cancelling) return null
  switch (status) {
    case 'completed':
      return 0
    case 'failed':
      return FAILED
    case 'paused':
    case 'interrupted':
      return 3
    case 'cancelled':
      return 128 + constants.signals.SIGINT
    case 'queued':
    case 'running':
    case 'pausing':
    case 'waiting':
      return null
  }
}

/** The exit status when nothing became of the run: 2 when the score was refused, else 1. */
export function exitStatusOf(error: unknown): number {
  return error instanceof JobSubmissionError ? REFUSED : FAILED
}

/** The exit status of a run that left its job behind because of `signal`, as a shell tells it. */
export function exitStatusFor(signal: 'SIGTERM' | 'SIGHUP'): number {
  return 128 + constants.signals[signal]
}
