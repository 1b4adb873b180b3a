import type { JobSummary } from '../../engine/index.ts'

const FINISHED: ReadonlySet<JobSummary['status']> = new Set(['completed', 'failed', 'cancelled'])

/** Not finished: it runs, waits or is held. */
export const isActive = (job: JobSummary): boolean => !FINISHED.has(job.status)

/** Has processes that stand still. */
export const isFrozen = (job: JobSummary): boolean => job.frozen !== null

/** Goes on by itself: it runs, or will without anybody's doing. What is being cancelled does not: it comes to its end. */
export const goesOn = (job: JobSummary): boolean =>
  !job.cancelling &&
  (job.status === 'running' ||
    job.status === 'pausing' ||
    job.status === 'queued' ||
    (job.status === 'waiting' && job.wakeAt !== null))

/** Held back and can be let go on. A finished job is not: "Resume all" never starts a failed one over. */
export const isHeld = (job: JobSummary): boolean =>
  job.can.resume && (job.status === 'paused' || job.status === 'pausing' || job.status === 'interrupted')
