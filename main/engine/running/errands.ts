import type { Clock, JobRecord, JobStore, Launcher } from '../ports.ts'
import type { Conducting } from './conducting.ts'
import type { FollowUpParts } from './follow-up.ts'
import { endLeftovers } from './leftovers.ts'
import type { LookEnd, Looks } from './looks.ts'
import { LET_GO } from './run-once.ts'
import type { Slots } from './slots.ts'

export interface ErrandsParts {
  readonly store: Pick<JobStore, 'attempts'>
  readonly launcher: Launcher
  readonly clock: Clock
  readonly conducting: Conducting
  readonly looks: Looks
  readonly slots: Pick<Slots, 'give'>
  /** What follows a job's last sheet. Answers with why it failed, or null. Never rejects. */
  runHooks(job: JobRecord, run: Pick<FollowUpParts, 'signal' | 'goesOn' | 'onDone'>): Promise<string | null>
  onProblem(message: string, error?: unknown): void
}

/** What runs beside attempts: hooks, looks at sheets before they start, and the end of what sheets left. */
export class Errands {
  readonly #parts: ErrandsParts
  readonly #underWay = new Set<Promise<void>>()
  readonly #hooks = new Map<string, AbortController>()
  /** Jobs whose hooks an earlier Fermata left running. */
  readonly #hooksLeft: Set<string>

  constructor(parts: ErrandsParts) {
    this.#parts = parts
    const left = parts.conducting.jobs().filter(({ state }) => state.hooks === 'running')
    this.#hooksLeft = new Set(left.map(({ state }) => state.id))
  }

  /** Is the sheet left out, held, or does it go? */
  look(job: JobRecord, sheet: number): void {
    this.#send(this.#answerLook(job.state.id, sheet, this.#parts.looks.take(job, sheet)))
  }

  /** Ends what an earlier Fermata's look at the sheet still runs. */
  endLook(jobId: string, sheet: number): void {
    this.#send(this.#answerLook(jobId, sheet, this.#parts.looks.end(jobId, sheet)))
  }

  /** Ends what the job's sheets that are done left running. */
  endLeftovers(jobId: string): void {
    this.#send(this.#endLeftovers(jobId))
  }

  runHooks(job: JobRecord): void {
    this.#send(this.#runHooks(job))
  }

  stopHooks(jobId: string): void {
    this.#hooks.get(jobId)?.abort()
  }

  /** Hooks run on, for the next Fermata to adopt; looks are ended. */
  letGo(): void {
    for (const hooks of this.#hooks.values()) hooks.abort(LET_GO)
    this.#parts.looks.abortAll()
  }

  /** Resolves when whoever was sent so far is back. */
  async back(): Promise<void> {
    await Promise.all(this.#underWay)
  }

  /** Before the data folder is given up, whoever was sent has to be back. */
  #send(errand: Promise<void>): void {
    this.#underWay.add(errand)
    void errand.finally(() => this.#underWay.delete(errand))
  }

  /** Without an answer the sheet is looked at again when it may start. */
  async #answerLook(jobId: string, sheet: number, look: Promise<LookEnd>): Promise<void> {
    const { conducting, slots } = this.#parts
    const { admission, survivors } = await look
    const current = conducting.job(jobId)
    if (conducting.closed.aborted || !current) return
    conducting.enqueue(jobId, { type: 'look_ended', sheet, survivors })
    // In the same go: it must not be looked at a second time in between.
    if (admission?.kind === 'go') slots.give(current, sheet)
    else if (admission) conducting.enqueue(jobId, { type: admission.kind, sheet, reason: admission.reason })
    conducting.proceed()
  }

  /** What cannot be found out now is done at the next start. */
  async #endLeftovers(jobId: string): Promise<void> {
    const { conducting } = this.#parts
    const survivors = await endLeftovers(jobId, { ...this.#parts, signal: conducting.closed })
    if (!survivors || conducting.closed.aborted) return
    conducting.enqueue(jobId, { type: 'leftovers_ended', survivors })
    conducting.proceed()
  }

  async #runHooks(job: JobRecord): Promise<void> {
    const { conducting, runHooks } = this.#parts
    const jobId = job.state.id
    if (this.#hooks.has(jobId)) return
    const controller = new AbortController()
    this.#hooks.set(jobId, controller)
    const error = await runHooks(job, {
      signal: controller.signal,
      goesOn: this.#hooksLeft.delete(jobId),
      onDone: (hook) => {
        conducting.enqueue(jobId, { type: 'hook_done', hook })
        conducting.proceed()
      },
    })
    this.#hooks.delete(jobId)
    if (conducting.closed.aborted) return
    conducting.enqueue(jobId, { type: 'hooks_ended', error })
    conducting.proceed()
  }
}
