import type { JobRecord } from '../ports.ts'
import type { Admission } from './gatekeeper.ts'

const keyOf = (jobId: string, sheet: number): string => `${jobId}/${sheet}`

/** Sheets that are looked at before they start: is one left out, held, or does it go? Each holds its slot meanwhile. */
export class Looks {
  readonly #running = new Map<string, AbortController>()
  readonly #onProblem: (message: string, error: unknown) => void

  constructor(onProblem: (message: string, error: unknown) => void) {
    this.#onProblem = onProblem
  }

  /** The sheets, as `job/sheet`. */
  keys(): ReadonlySet<string> {
    return new Set(this.#running.keys())
  }

  /** Waits for the answer; null when nobody wants it any more, or it goes by rules that hold no more. */
  async take(
    { state }: JobRecord,
    sheet: number,
    asked: Promise<Admission>,
    controller: AbortController,
  ): Promise<Admission | null> {
    const key = keyOf(state.id, sheet)
    this.#running.set(key, controller)
    const admission = await asked.catch((error: unknown): Admission => {
      this.#onProblem(`Whether sheet ${sheet} of "${state.id}" is left out or held could not be found out; it runs.`, error)
      return { kind: 'go' }
    })
    this.#running.delete(key)
    return controller.signal.aborted ? null : admission
  }

  /** The job is cancelled, over, or has other rules now. A rule's command is ended. */
  abort(jobId: string): void {
    for (const [key, look] of this.#running) if (key.startsWith(`${jobId}/`)) look.abort()
  }

  abortAll(): void {
    for (const look of this.#running.values()) look.abort()
  }
}
