import { JobNotFoundError } from '../errors.ts'
import type { JobForecast } from '../learning/job-forecast.ts'
import { placeOf } from '../learning/outcome.ts'
import type { SheetForecast } from '../learning/sheet-forecast.ts'
import type { JobRecord } from '../ports.ts'
import { limitWaitOf } from '../scheduling/limited-sheets.ts'
import { detail, type Surroundings, summarize } from '../summary.ts'
import type { JobDetail, JobSummary } from '../views.ts'
import { createForecasts } from './forecasts.ts'
import type { ServiceParts } from './parts.ts'

/** Finds jobs and tells what the outside sees of them. Each throws JobNotFoundError. */
export interface Desk {
  find(jobId: string): JobRecord
  summary(jobId: string): JobSummary
  detail(jobId: string): JobDetail
  /** What is still to come of a job; null when it is over. */
  forecast(job: JobRecord): JobForecast | null
}

export function createDesk(parts: ServiceParts): Desk {
  const { clock, conductor, launcher, learning, limits, liveness, metering } = parts
  const forecast = createForecasts(parts)
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
    metering,
    usualMs: ({ sheet, choice }) => usualMs(learning.sheetForecast(placeOf(job, sheet, choice))),
    forecast: forecast(job),
    canFreeze: launcher.canFreeze,
    limitWait: limitWaitOf(job.state, (station) => limits.waitFor(station, clock.now())),
  })
  return {
    find,
    forecast,
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

/** Once is not usual. */
const usualMs = (known: SheetForecast | null): number | null =>
  known !== null && known.runs * known.successRate >= 2 ? (known.durationMs?.p50 ?? null) : null
