import type { JobSummary } from '../engine/index.ts'

/**
 * A job and all that follow it, each after the one it follows, else oldest first.
 * @param jobs Newest first.
 */
export function chainOf(jobs: readonly JobSummary[], jobId: string): readonly JobSummary[] {
  return [...jobs.filter(({ id }) => id === jobId), ...followersOf(jobs, jobId).flatMap(({ id }) => chainOf(jobs, id))]
}

/** The jobs that follow directly on a job, oldest first. */
export function followersOf(jobs: readonly JobSummary[], jobId: string): readonly JobSummary[] {
  return jobs.filter(({ followsJob }) => followsJob === jobId).reverse()
}
