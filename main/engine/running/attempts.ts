import type { AttemptRecord, JobRecord, JobStore } from '../ports.ts'
import type { JobEvent, SheetState } from '../scheduling/state.ts'
import { Attempt, type AttemptSurroundings } from './attempt.ts'
import { endUnknown } from './end-unknown.ts'
import type { PreparationParts } from './preparation.ts'

export interface AttemptsParts extends Omit<AttemptSurroundings, 'preparation' | 'keep' | 'onProblem' | 'report'> {
  readonly dataDir: string
  readonly store: JobStore
  /** What attempts of this job find when they are prepared. */
  preparationFor(job: JobRecord): PreparationParts
  onProblem(message: string, error?: unknown): void
  report(jobId: string, event: JobEvent, record?: AttemptRecord): void
}

/** The attempts that run now, of all jobs. */
export class Attempts {
  readonly #parts: AttemptsParts
  readonly #running = new Map<string, Attempt>()
  readonly #left = new AbortController()
  #closed = false

  constructor(parts: AttemptsParts) {
    this.#parts = parts
  }

  all(): readonly Attempt[] {
    return [...this.#running.values()]
  }

  of(jobId: string, sheet: number): Attempt | undefined {
    return this.all().find(({ record }) => record.jobId === jobId && record.sheet === sheet)
  }

  begin(job: JobRecord, record: AttemptRecord): void {
    void this.#attach(job, record).begin()
  }

  /** Looks for the attempt of a sheet in flight that an earlier Fermata began, and does to it what is wanted of it now. */
  adopt(job: JobRecord, { number: sheet, attempts: number, asked }: SheetState): Promise<void> {
    const { state } = job
    const record = this.#stored(state.id, sheet, number)
    if (!record) return this.#lose(state.id, sheet, number)
    const attempt = this.#attach(job, record)
    if (state.intent === 'cancel' || asked) attempt.stop()
    if (state.frozen) attempt.freeze()
    return attempt.adopt()
  }

  /** It has ended and its end is kept. */
  forget(marker: string): void {
    this.#running.delete(marker)
  }

  /** Lets go of all of them; they run on. */
  async detach(): Promise<void> {
    this.#closed = true
    this.#left.abort()
    const attempts = this.all()
    this.#running.clear()
    await Promise.all(attempts.map((attempt) => attempt.detach()))
  }

  #attach(job: JobRecord, record: AttemptRecord): Attempt {
    const attempt = new Attempt(job, record, {
      ...this.#parts,
      preparation: this.#parts.preparationFor(job),
      keep: (kept) => this.#keep(kept),
    })
    this.#running.set(record.marker, attempt)
    return attempt
  }

  /** What is kept of an attempt beside its job's state is worth having, not worth stopping for. */
  #keep(record: AttemptRecord): void {
    try {
      if (!this.#closed) this.#parts.store.saveAttempt(record)
    } catch (error) {
      this.#parts.onProblem(`Since when a sheet of "${record.jobId}" stands still could not be saved.`, error)
    }
  }

  /** The record of an attempt an earlier Fermata began; null when it is not there or cannot be read. */
  #stored(jobId: string, sheet: number, number: number): AttemptRecord | null {
    try {
      return this.#parts.store.attempts(jobId, sheet).find((candidate) => candidate.number === number) ?? null
    } catch (error) {
      this.#parts.onProblem(`What is known of a running sheet of "${jobId}" cannot be read.`, error)
      return null
    }
  }

  /** Nothing is known of it but its folder: what it runs must not run beside the next attempt. */
  async #lose(jobId: string, sheet: number, attempt: number): Promise<void> {
    const { dataDir, launcher, clock, report, onProblem } = this.#parts
    const survivors = await endUnknown(dataDir, jobId, sheet, attempt, {
      launcher,
      clock,
      signal: this.#left.signal,
      onUnknown: (error) =>
        onProblem(`What sheet ${sheet} of "${jobId}" left running cannot be seen, Fermata looks again.`, error),
    })
    if (this.#closed) return
    report(jobId, { type: 'attempt_ended', sheet, attempt, outcome: { kind: 'lost', survivors }, usage: null })
  }
}
