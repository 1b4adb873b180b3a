import type { JobService, JobSummary } from '../../engine/index.ts'
import { isHeld } from './groups.ts'

/** Does it to each job, lets a failure stop no other, and throws the first one only when nothing worked. */
async function each(jobs: readonly JobSummary[], run: (id: string) => Promise<unknown>): Promise<{ count: number }> {
  const results = await Promise.allSettled(jobs.map(({ id }) => run(id)))
  const failed = results.find((result) => result.status === 'rejected')
  const count = results.filter((result) => result.status === 'fulfilled').length
  if (failed && count === 0) throw failed.reason
  return { count }
}

/** Pauses every job that runs, each after its present sheet. */
export const pauseAll = async (jobs: JobService): Promise<{ count: number }> =>
  each(
    (await jobs.list()).filter(({ can }) => can.pause),
    jobs.pause,
  )

/** Lets every paused or interrupted job go on. */
export const resumeAll = async (jobs: JobService): Promise<{ count: number }> =>
  each((await jobs.list()).filter(isHeld), jobs.resume)
