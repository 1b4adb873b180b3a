import type { EngineEvent, JobSummary } from '../../engine/index.ts'

/**
 * Ids of jobs with news that nobody looked at the window since. Looking at it empties the set. After a restart the
 * interrupted jobs are in it: they are news, the failed ones were told before.
 */
export type Attention = ReadonlySet<string>

/** The jobs that need somebody and were not looked at since. */
export const needsAttention = (job: JobSummary, attention: Attention): boolean => attention.has(job.id) && job.needsYou

/** What is news at the start. */
export const attentionAtStart = (jobs: readonly JobSummary[]): Attention =>
  new Set(jobs.filter((job) => job.status === 'interrupted').map(({ id }) => id))

/** The set after an event that nobody saw happen. */
export const attentionAfter = (attention: Attention, event: EngineEvent): Attention =>
  event.type !== 'job' || attention.has(event.jobId) ? attention : new Set([...attention, event.jobId])
