import type { LimitCoordinator } from '../limits/coordinator.ts'
import type { AttemptRecord, Clock } from '../ports.ts'
import { stationAt } from '../scheduling/graph.ts'
import { covers, waitingSheets } from '../scheduling/limited-sheets.ts'
import type { Effect, JobState } from '../scheduling/state.ts'
import type { Alarms } from './alarms.ts'
import { announcement } from './announcement.ts'
import type { Attempts } from './attempts.ts'
import type { Conducting } from './conducting.ts'
import type { Errands } from './errands.ts'
import type { EventBus } from './event-bus.ts'
import { refusedNotice, restNotice } from './instrument-notice.ts'
import type { Looks } from './looks.ts'
import { clearPauseFile } from './pause-file.ts'

/** What brings processes to rest. */
const STILLING: ReadonlySet<Effect['type']> = new Set(['stop_attempt', 'freeze_attempt', 'stop_look', 'stop_hooks'])

/** To do it twice is harmless. */
export const bringsToRest = ({ type }: Effect): boolean => STILLING.has(type)

export interface EffectsParts {
  readonly clock: Clock
  readonly limits: LimitCoordinator
  readonly bus: EventBus
  readonly conducting: Conducting
  readonly attempts: Attempts
  readonly looks: Looks
  readonly errands: Errands
  readonly alarms: Alarms
  /** Why the job is as it is. */
  reason(job: JobState): string
  onProblem(message: string, error?: unknown): void
}

type LimitEffect = Extract<Effect, { type: 'limit_instrument' | 'refuse_instrument' | 'count_outcome' }>

/** Carries out what was decided. */
export class Effects {
  readonly #parts: EffectsParts

  constructor(parts: EffectsParts) {
    this.#parts = parts
  }

  /** @param begun the attempt that the effect is to start */
  perform(jobId: string, effect: Effect, begun?: AttemptRecord): void {
    const { bus, clock, limits, conducting, attempts, looks, errands, alarms, reason, onProblem } = this.#parts
    const job = conducting.job(jobId)
    if (!job) return
    switch (effect.type) {
      case 'start_attempt':
        if (!begun) return
        limits.began(stationAt(job.state, { number: effect.sheet, choice: begun.choice }), clock.now())
        attempts.begin(job, begun)
        return
      case 'stop_attempt':
        attempts.of(jobId, effect.sheet)?.stop()
        return
      case 'look':
        errands.look(job, effect.sheet)
        return
      case 'stop_look':
        looks.abort(jobId, effect.sheet)
        return
      case 'end_leftovers':
        errands.endLeftovers(jobId)
        return
      case 'freeze_attempt':
        attempts.of(jobId, effect.sheet)?.freeze()
        return
      case 'thaw_attempt':
        attempts.of(jobId, effect.sheet)?.thaw()
        return
      case 'set_clock':
        alarms.setClock(job.state)
        return
      case 'set_timer':
        alarms.setSheet(jobId, effect.sheet, effect.at)
        return
      case 'clear_timer':
        alarms.clearSheet(jobId, effect.sheet)
        return
      case 'limit_instrument':
      case 'refuse_instrument':
      case 'count_outcome':
        this.#limit(job.state, effect)
        return
      case 'run_hooks':
        errands.runHooks(job)
        return
      case 'stop_hooks':
        errands.stopHooks(jobId)
        return
      case 'announce_job':
      case 'announce_sheet':
        if (effect.type === 'announce_job' && effect.news === 'resumed') clearPauseFile(job, onProblem)
        bus.emit(announcement(job, effect, clock.now(), reason(job.state)))
    }
  }

  /** What a job found out about its instrument holds for all of them. */
  #limit(job: JobState, effect: LimitEffect): void {
    const { bus, clock, limits, conducting } = this.#parts
    const now = clock.now()
    switch (effect.type) {
      case 'limit_instrument':
        limits.limit(effect.station, effect.until, now, effect.message)
        // Nobody goes on by itself before its user says so.
        if (limits.waitFor(effect.station, now)?.until === null)
          for (const { sheet } of waitingSheets(
            [job],
            (station, { wakeAt }) => wakeAt !== null && covers(effect.station, station),
          ))
            conducting.enqueue(job.id, { type: 'limit_moved', sheet, until: null })
        return
      case 'refuse_instrument':
        if (limits.refuse(effect.instrument, effect.message, now))
          bus.emit(refusedNotice(job.id, effect.instrument, effect.message))
        return
      case 'count_outcome':
        if (limits.count(effect.station, effect.failed, effect.breaker, now))
          bus.emit(restNotice(job.id, effect.station.instrument))
    }
  }
}
