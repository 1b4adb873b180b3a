import type { Clock, Disposer } from '../ports.ts'
import type { Conducting } from './conducting.ts'
import { whyUnsaved } from './unsaved.ts'

/** How long to wait before a state that could not be written is written again (disk full, database locked). */
const COMMIT_RETRY_MS = 1000

/** The jobs whose state could not be saved, until it is: their events keep their place and are decided again. */
export class UnsavedJobs {
  readonly #clock: Clock
  readonly #conducting: Conducting
  readonly #onProblem: (message: string, error: unknown) => void
  /** Jobs whose state could not be saved just now: their events wait for the retry, those of other jobs go on. */
  readonly #stuck = new Set<string>()
  /** Jobs of which something could not be saved yet, with why. */
  readonly #unsaved = new Map<string, unknown>()
  #retry: Disposer | null = null
  /** Told once, not every second. */
  #stalled = false

  constructor(clock: Clock, conducting: Conducting, onProblem: (message: string, error: unknown) => void) {
    this.#clock = clock
    this.#conducting = conducting
    this.#onProblem = onProblem
  }

  /** The jobs that wait for the retry. */
  get stuck(): ReadonlySet<string> {
    return this.#stuck
  }

  /** Why something of the job is not saved yet, for a person; null when all of it is. */
  why(jobId: string): string | null {
    if (!this.#unsaved.has(jobId)) return null
    return `what happens to it cannot be saved just now: ${whyUnsaved(this.#unsaved.get(jobId))}`
  }

  refused(jobId: string, error: unknown): void {
    if (!this.#stalled) this.#onProblem('The state of a job could not be saved. Fermata tries again every second.', error)
    this.#stalled = true
    this.#stuck.add(jobId)
    this.#unsaved.set(jobId, error)
    this.#conducting.touch(jobId)
    this.#retry ??= this.#clock.after(COMMIT_RETRY_MS, () => {
      this.#retry = null
      this.#stuck.clear()
      this.#conducting.proceed()
    })
  }

  saved(jobId: string): void {
    this.#unsaved.delete(jobId)
  }

  /** All that can be decided now is: when no job is stuck any more, the next one that is will be told. */
  settle(): void {
    this.#stalled &&= this.#stuck.size > 0
  }

  close(): void {
    this.#retry?.()
  }
}
