import { JobNotFoundError } from '../errors.ts'
import type { JobRecord } from '../ports.ts'
import { detail, type Surroundings, summarize } from '../summary.ts'
import type { JobDetail, JobSummary } from '../views.ts'
import type { ServiceParts } from './parts.ts'

/** Finds jobs and tells what the outside sees of them. Each throws JobNotFoundError. */
export interface Desk {
  find(jobId: string): JobRecord
  summary(jobId: string): JobSummary
  detail(jobId: string): JobDetail
}

export function createDesk({ conductor, launcher, liveness }: ServiceParts): Desk {
  const find = (jobId: string): JobRecord => {
    const job = conductor.job(jobId)
    if (!job) throw new JobNotFoundError(jobId)
    return job
  }
  const around = (job: JobRecord): Surroundings => ({
    reason: conductor.reason(job.state),
    sheetReasons: () => conductor.sheetReasons(job.state),
    running: conductor.attempts().filter(({ record }) => record.jobId === job.state.id),
    liveness,
    canFreeze: launcher.canFreeze,
  })
  return {
    find,
    summary(jobId) {
      const job = find(jobId)
      return summarize(job, around(job))
    },
    detail(jobId) {
      const job = find(jobId)
      return detail(job, around(job))
    },
  }
}
