import type { JobRecord, ProcessIdentity } from '../ports.ts'
import type { Admission, Gatekeeper } from './gatekeeper.ts'

const keyOf = (jobId: string, sheet: number): string => `${jobId}/${sheet}`

/** What a look came to, when nothing of it runs any more but `survivors`. */
export interface LookEnd {
  /** Null when nobody wants the answer any more. */
  readonly admission: Admission | null
  readonly survivors: readonly ProcessIdentity[]
}

/** Sheets that are looked at before they start: is one left out, held, or does it go? Each holds its slot meanwhile. */
export class Looks {
  readonly #running = new Map<string, AbortController>()
  readonly #gatekeeper: Gatekeeper
  readonly #onProblem: (message: string, error: unknown) => void
  readonly #left = new AbortController()

  constructor(gatekeeper: Gatekeeper, onProblem: (message: string, error: unknown) => void) {
    this.#gatekeeper = gatekeeper
    this.#onProblem = onProblem
  }

  /** The sheets, as `job/sheet`. */
  keys(): ReadonlySet<string> {
    return new Set(this.#running.keys())
  }

  /** Looks at the sheet. Never rejects. */
  take(job: JobRecord, sheet: number): Promise<LookEnd> {
    const controller = new AbortController()
    const { id } = job.state
    return this.#hold(id, sheet, controller, async () => {
      const { admission, survivors } = await this.#gatekeeper.look(job, sheet, controller.signal).catch((error: unknown) => {
        this.#onProblem(`Whether sheet ${sheet} of "${id}" is left out or held could not be found out; it runs.`, error)
        return { admission: { kind: 'go' } as const, survivors: [] }
      })
      return { admission: controller.signal.aborted ? null : admission, survivors }
    })
  }

  /** Ends what an earlier Fermata's look at the sheet still runs; the sheet is looked at anew if it still may start. */
  end(jobId: string, sheet: number): Promise<LookEnd> {
    return this.#hold(jobId, sheet, this.#left, async () => ({
      admission: null,
      survivors: await this.#gatekeeper.endLook(jobId, sheet, this.#left.signal),
    }))
  }

  /** Nobody wants to know any more of this sheet, or of any of the job: a rule's command is ended. */
  abort(jobId: string, sheet?: number): void {
    for (const [key, look] of this.#running) {
      const isMeant = sheet === undefined ? key.startsWith(`${jobId}/`) : key === keyOf(jobId, sheet)
      if (isMeant && look !== this.#left) look.abort()
    }
  }

  abortAll(): void {
    this.#left.abort()
    for (const look of this.#running.values()) look.abort()
  }

  async #hold(jobId: string, sheet: number, controller: AbortController, work: () => Promise<LookEnd>): Promise<LookEnd> {
    const key = keyOf(jobId, sheet)
    this.#running.set(key, controller)
    const end = await work()
    this.#running.delete(key)
    return end
  }
}
