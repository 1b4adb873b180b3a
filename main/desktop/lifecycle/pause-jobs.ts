import type { Disposer, Engine, JobSummary } from '../../engine/index.ts'
import { pauseAll } from '../jobs/commands.ts'
import { goesOn } from '../jobs/groups.ts'
import { createThrottle } from '../shared/throttle.ts'

export interface PauseParts {
  readonly engine: Pick<Engine, 'jobs' | 'events'>
  /** So many sheets are still in flight. */
  readonly onCount: (sheets: number) => void
  /** Nothing goes on any more. Called once. */
  readonly onDone: () => void
}

/** Often enough for a number somebody reads. */
const INTERVAL_MS = 100

/** Sheets of the job that run now. */
const inFlight = ({ sheetStatuses }: JobSummary): number =>
  sheetStatuses.filter((status) => status === 'dispatched' || status === 'in_progress').length

/**
 * Pauses every job at its boundary, also those that come meanwhile, and tells when no sheet is in flight any more and what
 * is being cancelled has ended. What is frozen stays so. The answer ends the waiting; the jobs stay paused.
 */
export function pauseJobsAndWait({ engine: { jobs, events }, onCount, onDone }: PauseParts): Disposer {
  let over = false
  const end = () => {
    over = true
    unsubscribe()
    throttle.dispose()
  }
  const throttle = createThrottle(INTERVAL_MS, async () => {
    // What cannot be paused is waited for all the same.
    await pauseAll(jobs).catch((error: unknown) => console.error('fermata: pausing before quitting failed', error))
    const all = await jobs.list()
    if (over) return
    onCount(all.filter(goesOn).reduce((sum, job) => sum + inFlight(job), 0))
    if (all.some((job) => goesOn(job) || job.cancelling)) return
    end()
    onDone()
  })
  const unsubscribe = events.on(throttle.request)
  throttle.request()
  return end
}
