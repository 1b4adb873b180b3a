import { forecastJob, type JobForecast } from '../learning/job-forecast.ts'
import type { JobRecord } from '../ports.ts'
import { isTerminalJob } from '../scheduling/statuses.ts'
import type { ServiceParts } from './parts.ts'

/** A forecast moves slowly, and is asked for with every change of a job; in ms. */
const GOOD_FOR_MS = 2000

/** Forecasts of jobs, each worked out anew when it is asked for and older than 2 s; null for a job that is over. */
export function createForecasts({
  clock,
  conductor,
  learning,
}: Pick<ServiceParts, 'clock' | 'conductor' | 'learning'>): (job: JobRecord) => JobForecast | null {
  const made = new Map<string, { readonly at: number; readonly forecast: JobForecast }>()
  return (job) => {
    const { id, status } = job.state
    if (isTerminalJob(status)) {
      made.delete(id)
      return null
    }
    const last = made.get(id)
    const at = clock.awake()
    if (last && at - last.at < GOOD_FOR_MS) return last.forecast
    const running = conductor.attempts().flatMap(({ record }) => (record.jobId === id ? [record] : []))
    const forecast = forecastJob(job, running, learning, clock)
    made.set(id, { at, forecast })
    return forecast
  }
}
