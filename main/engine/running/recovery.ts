import type { LimitCoordinator } from '../limits/coordinator.ts'
import type { Clock, JobRecord } from '../ports.ts'
import { stationAt } from '../scheduling/graph.ts'
import { missedShift } from '../scheduling/job-clock.ts'
import type { JobEvent } from '../scheduling/state.ts'
import { isInFlight, isTerminalJob, isTimed } from '../scheduling/statuses.ts'
import type { Alarms } from './alarms.ts'
import type { Attempts } from './attempts.ts'
import type { Conducting } from './conducting.ts'
import type { Errands } from './errands.ts'

export interface RecoveryParts {
  readonly clock: Clock
  readonly limits: LimitCoordinator
  readonly conducting: Conducting
  readonly attempts: Attempts
  readonly errands: Errands
  readonly alarms: Alarms
  /** Its user wants to say which jobs go on when Fermata comes back. */
  asksOnReturn(): boolean
}

/**
 * Picks up where the last Fermata stopped: effects are derived again from the states. Attempts in flight are adopted,
 * timers set anew; jobs that were paused stay paused.
 */
export function recoverJobs(parts: RecoveryParts): void {
  const { clock, conducting, errands, asksOnReturn } = parts
  // First all, then on: a `start` already grants slots across all jobs, and what it begins must not be adopted too.
  const unfinished = conducting.jobs().filter(({ state }) => !isTerminalJob(state.status))
  const now = clock.now()
  const awake = clock.awake()
  for (const { state } of conducting.jobs()) if (state.leftoversDue) errands.endLeftovers(state.id)
  for (const job of unfinished) {
    const { state } = job
    for (const sheet of state.looking) errands.endLook(state.id, sheet)
    const sleptMs = missedShift(state, now, awake)
    if (sleptMs !== 0) conducting.enqueue(state.id, { type: 'time_shifted', sleptMs, jumpedMs: 0 })
    recoverSheets(job, now, parts)
  }
  const asks = asksOnReturn()
  for (const { state } of unfinished) {
    // What follows the last sheet is no new work: it comes to its end.
    const event: JobEvent = asks && state.hooks !== 'running' ? { type: 'pause', by: 'return' } : { type: 'start' }
    conducting.enqueue(state.id, event)
  }
  // Only now: slots are granted across all jobs, and each has to be held first that is to be.
  conducting.proceed()
}

/** What is in flight is adopted, what waits for a time is timed again. */
function recoverSheets(job: JobRecord, now: number, { limits, conducting, attempts, alarms }: RecoveryParts): void {
  const { state } = job
  const adoptions: Promise<void>[] = []
  for (const sheet of state.sheets) {
    if (isInFlight(sheet)) adoptions.push(attempts.adopt(job, sheet))
    if (!isTimed(sheet)) continue
    const station = stationAt(state, sheet)
    if (sheet.wakeAt === null) {
      // Whatever it waits for is not known any more: it finds out.
      if (limits.waitFor(station, now)?.until !== null)
        conducting.enqueue(state.id, { type: 'limit_cleared', sheet: sheet.number })
      continue
    }
    if (sheet.status === 'waiting') limits.limit(station, sheet.wakeAt, now, sheet.error?.message ?? '')
    if (state.intent === 'run') alarms.setSheet(state.id, sheet.number, sheet.wakeAt)
  }
  // Not before it is known what ended while nobody watched: that time does not count.
  void Promise.all(adoptions).then(() => {
    const current = conducting.job(state.id)
    if (current && !conducting.closed.aborted) alarms.setClock(current.state)
  })
}
