import type { Catalogue } from '../instruments/catalogue.ts'
import type { LimitCoordinator } from '../limits/coordinator.ts'
import type { AttemptRecord, Clock, Disposer, JobRecord, JobStore, Launcher } from '../ports.ts'
import { decide } from '../scheduling/decide.ts'
import { type DispatchPlan, dispatch } from '../scheduling/dispatch.ts'
import { stationAt } from '../scheduling/graph.ts'
import { reasonFor, sheetReason } from '../scheduling/reason.ts'
import type { Decision, Effect, JobEvent, JobState } from '../scheduling/state.ts'
import { isInFlight, isTerminalJob, isTimed } from '../scheduling/statuses.ts'
import { announcement } from './announcement.ts'
import { Attempt } from './attempt.ts'
import type { EventBus } from './event-bus.ts'
import type { Admission } from './gatekeeper.ts'
import { newAttempt } from './new-attempt.ts'
import { pauseFile, pauseFileExists, removePauseFile } from './pause-file.ts'
import type { PreparationParts } from './preparation.ts'
import { Timers } from './timers.ts'

/** How long to wait before a state that could not be written is written again (disk full, database locked). */
const COMMIT_RETRY_MS = 1000
const DISPATCH_TIMER = 'dispatch'

export interface ConductorOptions {
  readonly dataDir: string
  readonly assetsDir: string
  readonly store: JobStore
  readonly clock: Clock
  readonly launcher: Launcher
  readonly catalogue: Catalogue
  readonly bus: EventBus
  readonly environment: NodeJS.ProcessEnv
  readonly limits: LimitCoordinator
  /** What attempts of this job find when they are prepared. */
  preparationFor(job: JobRecord): PreparationParts
  /** Asked before a sheet starts; null when there is nothing to ask. `signal` is aborted when nobody wants the answer any more. */
  admission(job: JobRecord, sheet: number, signal: AbortSignal): Promise<Admission> | null
  /** What follows a job's last sheet. Answers with why it failed, or null. Never rejects. */
  runHooks(job: JobRecord, signal: AbortSignal, onDone: (hook: number) => void): Promise<string | null>
  /** A job has come to its end. */
  onEnd(job: JobRecord): void
  /** Something went wrong that no job can be blamed for. */
  onProblem(message: string, error?: unknown): void
}

interface Pending {
  readonly jobId: string
  readonly event: JobEvent
  readonly attempt?: AttemptRecord
}

const slotKey = (jobId: string, sheet: number): string => `${jobId}/${sheet}`

/**
 * Owns the present state of every job and is the only one to change it: each event is decided, the new state is
 * committed, and only then its effects are carried out. Events that arrive meanwhile wait their turn.
 */
export class Conductor {
  readonly #options: ConductorOptions
  readonly #jobs = new Map<string, JobRecord>()
  readonly #attempts = new Map<string, Attempt>()
  readonly #timers: Timers
  readonly #queue: Pending[] = []
  /** What ends the look at a sheet before it starts; by `job/sheet`. */
  readonly #preparing = new Map<string, AbortController>()
  readonly #hooks = new Map<string, AbortController>()
  /** What runs beside attempts: hooks, and looks at sheets before they start. */
  readonly #errands = new Set<Promise<void>>()
  #blocked: ReadonlyMap<string, string> = new Map()
  #draining = false
  /** Jobs whose state could not be saved just now: their events wait for the retry, those of other jobs go on. */
  readonly #stuck = new Set<string>()
  #commitRetry: Disposer | null = null
  /** Told once, not every second. */
  #stalled = false
  #closed = false

  constructor(options: ConductorOptions) {
    this.#options = options
    this.#timers = new Timers(options.clock)
    for (const job of options.store.list()) this.#jobs.set(job.state.id, job)
  }

  jobs(): readonly JobRecord[] {
    return [...this.#jobs.values()]
  }

  job(jobId: string): JobRecord | undefined {
    return this.#jobs.get(jobId)
  }

  /** The attempts that run now, of all jobs. */
  attempts(): readonly Attempt[] {
    return [...this.#attempts.values()]
  }

  reason(job: JobState): string {
    return reasonFor(job, this.#blocked.get(job.id), this.#options.clock.now())
  }

  /** Why each sheet is as it is, where its status does not say; in sheet order. */
  sheetReasons(job: JobState): readonly (string | null)[] {
    const now = this.#options.clock.now()
    return job.sheets.map((sheet) => sheetReason(job, sheet, this.#blocked.get(job.id), now))
  }

  /** Takes in a new job and starts it as soon as there is a slot. */
  add(job: JobRecord): void {
    this.#clearPauseFile(job)
    this.#options.store.insert(job)
    this.#jobs.set(job.state.id, job)
    this.apply(job.state.id, { type: 'start' })
  }

  /** Puts a changed score in the place of a job's old one; it must not be running. */
  replace(next: JobRecord): void {
    const old = this.#jobs.get(next.state.id)
    if (!old) return
    this.#options.store.replace(old.state, next)
    this.#forgetLooks(next.state.id)
    this.#jobs.set(next.state.id, next)
    this.touch(next.state.id)
  }

  /**
   * Picks up where the last Fermata stopped: effects are derived again from the states. Attempts in flight are adopted,
   * timers set anew; jobs that were paused stay paused.
   */
  recover(): void {
    // First all, then on: a `start` already grants slots across all jobs, and what it begins must not be adopted too.
    const unfinished = this.jobs().filter(({ state }) => !isTerminalJob(state.status))
    const now = this.#options.clock.now()
    for (const { state } of unfinished) {
      for (const sheet of state.sheets) {
        if (isInFlight(sheet)) this.#adopt(state, sheet.number, sheet.attempts)
        if (!isTimed(sheet) || sheet.wakeAt === null) continue
        if (sheet.status === 'waiting') this.#options.limits.limit(stationAt(state, sheet), sheet.wakeAt, now)
        if (state.intent === 'run') this.#setTimer(state.id, sheet.number, sheet.wakeAt)
      }
    }
    for (const { state } of unfinished) this.apply(state.id, { type: 'start' })
  }

  /** Something happened. Decides, commits, then acts. */
  apply(jobId: string, event: JobEvent, attempt?: AttemptRecord): void {
    this.#queue.push({ jobId, event, ...(attempt ? { attempt } : {}) })
    this.#drain()
  }

  /** Limits have changed: whoever waited may go. */
  look(): void {
    this.#drain()
  }

  /** Says that something visible of the job changed beside its state. */
  touch(jobId: string): void {
    const job = this.#jobs.get(jobId)
    if (job) this.#options.bus.emit({ type: 'changed', jobId, version: job.state.version })
  }

  /** Lets go of everything. Attempts run on; hooks and looks at sheets are ended, and made anew by the next Fermata. */
  async close(): Promise<void> {
    this.#closed = true
    this.#commitRetry?.()
    this.#timers.clearAll()
    for (const errand of [...this.#hooks.values(), ...this.#preparing.values()]) errand.abort()
    const attempts = this.attempts()
    this.#attempts.clear()
    await Promise.all([...attempts.map((attempt) => attempt.detach()), ...this.#errands])
  }

  #drain(): void {
    if (this.#draining || this.#closed) return
    this.#draining = true
    try {
      do {
        for (let at = this.#nextAt(); at >= 0; at = this.#nextAt()) this.#step(at)
        this.#grantSlots()
      } while (this.#nextAt() >= 0)
      this.#stalled &&= this.#stuck.size > 0
    } finally {
      this.#draining = false
    }
  }

  /** Where in the queue the first event stands that can be decided now; -1 when there is none. */
  #nextAt(): number {
    return this.#closed ? -1 : this.#queue.findIndex(({ jobId }) => !this.#stuck.has(jobId))
  }

  /** Nothing was lost: the event keeps its place and is decided again. */
  #retryLater(jobId: string, error: unknown): void {
    if (!this.#stalled) this.#options.onProblem('The state of a job could not be saved. Fermata tries again every second.', error)
    this.#stalled = true
    this.#stuck.add(jobId)
    this.#commitRetry ??= this.#options.clock.at(this.#options.clock.now() + COMMIT_RETRY_MS, () => {
      this.#commitRetry = null
      this.#stuck.clear()
      this.#drain()
    })
  }

  #step(at: number): void {
    const [pending] = this.#queue.slice(at, at + 1)
    const job = pending && this.#jobs.get(pending.jobId)
    if (!job) {
      this.#queue.splice(at, 1)
      return
    }
    const { jobId, event, attempt } = pending
    const { state, effects } = this.#decide(job.state, event)
    // A slot that nobody wants any more leaves no trace; any other news of an attempt is kept, whatever it means for the job.
    const kept = state === job.state && event.type === 'slot_granted' ? undefined : attempt
    try {
      if (state !== job.state || kept) this.#options.store.commit(job.state, state, kept)
    } catch (error) {
      // A slot is our own proposal and no news: by the time of the retry another job may have it.
      if (event.type === 'slot_granted') this.#queue.splice(at, 1)
      this.#retryLater(jobId, error)
      return
    }
    this.#queue.splice(at, 1)
    if (event.type === 'pause' && event.by === 'signal_file') this.#clearPauseFile(job)
    if (attempt && event.type === 'attempt_ended') this.#attempts.delete(attempt.marker)
    if (state !== job.state) this.#jobs.set(jobId, { ...job, state })
    for (const effect of effects) this.#perform(jobId, effect, attempt)
    if (state === job.state) return
    if (state.intent === 'cancel') this.#stopLooking(jobId)
    if (isTerminalJob(state.status)) this.#ended({ ...job, state })
    this.touch(jobId)
  }

  /** A fault in deciding must not hold up every job for ever: the event is dropped and told. */
  #decide(state: JobState, event: JobEvent): Decision {
    try {
      return decide(state, event, this.#options.clock.now())
    } catch (error) {
      this.#options.onProblem(`An event of "${state.id}" (${event.type}) could not be handled and was dropped.`, error)
      return { state, effects: [] }
    }
  }

  #ended(job: JobRecord): void {
    this.#clearPauseFile(job)
    this.#forgetLooks(job.state.id)
    this.#options.onEnd(job)
  }

  #grantSlots(): void {
    if (this.#closed) return
    const { clock, limits } = this.#options
    const now = clock.now()
    // A job that cannot be saved starts nothing; what it runs still takes its slots.
    const states = this.jobs().flatMap(({ state }): JobState[] => {
      if (isTerminalJob(state.status)) return []
      return [this.#stuck.has(state.id) ? { ...state, intent: 'pause' } : state]
    })
    const plan = dispatch(states, limits.at(now), new Set(this.#preparing.keys()), now)
    this.#tellBlocked(plan)
    if (plan.wakeAt === null) this.#timers.clear(DISPATCH_TIMER)
    else this.#timers.set(DISPATCH_TIMER, plan.wakeAt, () => this.#drain())
    for (const { jobId, sheet, reason } of plan.switches) this.#queue.push({ jobId, event: { type: 'switch', sheet, reason } })
    for (const { jobId, sheet } of plan.grants) this.#grant(jobId, sheet)
  }

  /** Whoever cancels wants nothing of the job to run any more, a rule's command neither. */
  #stopLooking(jobId: string): void {
    for (const [key, look] of this.#preparing) if (key.startsWith(`${jobId}/`)) look.abort()
  }

  #tellBlocked({ blocked }: DispatchPlan): void {
    const changed = [...blocked].filter(([jobId, reason]) => this.#blocked.get(jobId) !== reason)
    this.#blocked = blocked
    for (const [jobId] of changed) this.touch(jobId)
  }

  #grant(jobId: string, sheet: number): void {
    const job = this.#jobs.get(jobId)
    if (!job) return
    if (pauseFileExists(job.score.workspace, jobId)) {
      this.#queue.push({ jobId, event: { type: 'pause', by: 'signal_file' } })
      return
    }
    const look = new AbortController()
    const asked = this.#options.admission(job, sheet, look.signal)
    if (asked === null)
      this.#queue.push({
        jobId,
        event: { type: 'slot_granted', sheet },
        attempt: newAttempt(job, sheet, this.#options.dataDir, this.#options.clock.now()),
      })
    else this.#send(this.#admitted(job, sheet, asked, look))
  }

  /** The sheet holds its slot while it is looked at. */
  async #admitted(job: JobRecord, sheet: number, asked: Promise<Admission>, look: AbortController): Promise<void> {
    const jobId = job.state.id
    const key = slotKey(jobId, sheet)
    this.#preparing.set(key, look)
    const admission = await asked.catch((error: unknown): Admission => {
      this.#options.onProblem(`Whether sheet ${sheet} of "${jobId}" is left out or held could not be found out; it runs.`, error)
      return { kind: 'go' }
    })
    this.#preparing.delete(key)
    const current = this.#jobs.get(jobId)
    if (this.#closed || !current) return
    // An answer nobody wanted any more, or by rules that hold no more: the sheet is looked at again when it may start.
    if (look.signal.aborted) this.#drain()
    else if (admission.kind === 'go')
      this.apply(
        jobId,
        { type: 'slot_granted', sheet },
        newAttempt(current, sheet, this.#options.dataDir, this.#options.clock.now()),
      )
    else this.apply(jobId, { type: admission.kind, sheet, reason: admission.reason })
  }

  /** The job has ended or has other rules now: what is just being found out about its sheets says nothing any more. */
  #forgetLooks(jobId: string): void {
    for (const [key, look] of this.#preparing) if (key.startsWith(`${jobId}/`)) look.abort()
  }

  /** Before the data folder is given up, whoever was sent has to be back. */
  #send(errand: Promise<void>): void {
    this.#errands.add(errand)
    void errand.finally(() => this.#errands.delete(errand))
  }

  #perform(jobId: string, effect: Effect, begun?: AttemptRecord): void {
    const job = this.#jobs.get(jobId)
    if (!job) return
    const { bus, clock, limits } = this.#options
    switch (effect.type) {
      case 'start_attempt':
        if (begun) void this.#attach(job, begun).begin()
        return
      case 'stop_attempt':
        for (const attempt of this.#attempts.values()) {
          if (attempt.record.jobId === jobId && attempt.record.sheet === effect.sheet) attempt.stop()
        }
        return
      case 'set_timer':
        this.#setTimer(jobId, effect.sheet, effect.at)
        return
      case 'clear_timer':
        this.#timers.clear(slotKey(jobId, effect.sheet))
        return
      case 'limit_instrument':
        limits.limit(effect.station, effect.until, clock.now())
        return
      case 'count_outcome':
        limits.count(effect.instrument, effect.failed, effect.breaker, clock.now())
        return
      case 'run_hooks':
        this.#send(this.#runHooks(job))
        return
      case 'stop_hooks':
        this.#hooks.get(jobId)?.abort()
        return
      case 'announce_job':
      case 'announce_sheet':
        if (effect.type === 'announce_job' && effect.news === 'resumed') this.#clearPauseFile(job)
        bus.emit(announcement(job, effect, clock.now(), this.reason(job.state)))
    }
  }

  async #runHooks(job: JobRecord): Promise<void> {
    const jobId = job.state.id
    if (this.#hooks.has(jobId)) return
    const controller = new AbortController()
    this.#hooks.set(jobId, controller)
    const error = await this.#options.runHooks(job, controller.signal, (hook) => this.apply(jobId, { type: 'hook_done', hook }))
    this.#hooks.delete(jobId)
    if (!this.#closed) this.apply(jobId, { type: 'hooks_ended', error })
  }

  #clearPauseFile({ score: { workspace }, state: { id } }: JobRecord): void {
    if (removePauseFile(workspace, id)) return
    const problem = `The pause file ${pauseFile(workspace, id)} cannot be removed: the job pauses until you remove it.`
    this.#options.onProblem(problem)
  }

  /** The record of an attempt an earlier Fermata began; null when it is not there or cannot be read. */
  #stored(jobId: string, sheet: number, number: number): AttemptRecord | null {
    try {
      return this.#options.store.attempts(jobId, sheet).find((candidate) => candidate.number === number) ?? null
    } catch (error) {
      this.#options.onProblem(`What is known of a running sheet of "${jobId}" cannot be read.`, error)
      return null
    }
  }

  #attach(job: JobRecord, record: AttemptRecord): Attempt {
    const attempt = new Attempt(job, record, {
      ...this.#options,
      preparation: this.#options.preparationFor(job),
      report: (jobId, event, ended) => this.apply(jobId, event, ended),
      changed: (jobId) => this.touch(jobId),
    })
    this.#attempts.set(record.marker, attempt)
    return attempt
  }

  #adopt(state: JobState, sheet: number, number: number): void {
    const job = this.#jobs.get(state.id)
    const record = job && this.#stored(state.id, sheet, number)
    if (!record) {
      this.apply(state.id, { type: 'attempt_ended', sheet, attempt: number, outcome: { kind: 'lost' }, usage: null })
      return
    }
    const attempt = this.#attach(job, record)
    if (state.intent === 'cancel') attempt.stop()
    void attempt.adopt()
  }

  #setTimer(jobId: string, sheet: number, at: number): void {
    this.#timers.set(slotKey(jobId, sheet), at, () => this.apply(jobId, { type: 'timer_fired', sheet }))
  }
}
