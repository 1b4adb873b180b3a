import type { Clock } from '../ports.ts'
import { timeUpAt } from '../scheduling/job-clock.ts'
import type { JobState } from '../scheduling/state.ts'
import type { Conducting } from './conducting.ts'
import { Timers } from './timers.ts'

const DISPATCH = 'dispatch'
const sheetKey = (jobId: string, sheet: number): string => `${jobId}/${sheet}`
const clockKey = (jobId: string): string => `${jobId}/clock`

/** What comes due by itself: the end of a sheet's wait, that of a job's time, and the next look at the slots. */
export class Alarms {
  readonly #conducting: Conducting
  readonly #timers: Timers

  constructor(clock: Clock, conducting: Conducting) {
    this.#conducting = conducting
    this.#timers = new Timers(clock, conducting.proceed)
  }

  /** The sheet's wait is over at `at` (epoch ms). */
  setSheet(jobId: string, sheet: number, at: number): void {
    this.#timers.set(sheetKey(jobId, sheet), at, () => this.#conducting.enqueue(jobId, { type: 'timer_fired', sheet }))
  }

  clearSheet(jobId: string, sheet: number): void {
    this.#timers.clear(sheetKey(jobId, sheet))
  }

  /** The alarm of a job that may run for so long only. */
  setClock(state: JobState): void {
    const at = timeUpAt(state)
    if (at === null) this.#timers.clear(clockKey(state.id))
    else this.#timers.set(clockKey(state.id), at, () => this.#conducting.enqueue(state.id, { type: 'time_up' }))
  }

  /** Slots may be given anew at `at` (epoch ms); null when nothing waits for a time. */
  setDispatch(at: number | null): void {
    if (at === null) this.#timers.clear(DISPATCH)
    else this.#timers.set(DISPATCH, at, () => {})
  }

  clearAll(): void {
    this.#timers.clearAll()
  }
}
