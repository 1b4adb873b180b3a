import { randomBytes } from 'node:crypto'
import type { Catalogue } from '../instruments/catalogue.ts'
import type { AttemptRecord, Clock, Disposer, JobRecord, JobStore, Launcher } from '../ports.ts'
import { decide } from '../scheduling/decide.ts'
import { dispatch } from '../scheduling/dispatch.ts'
import { reasonFor } from '../scheduling/reason.ts'
import type { Effect, JobEvent, JobState } from '../scheduling/state.ts'
import { isInFlight, isTerminalJob, isTimed } from '../scheduling/statuses.ts'
import { Attempt } from './attempt.ts'
import type { EventBus } from './event-bus.ts'
import { pauseFile, pauseFileExists, removePauseFile } from './pause-file.ts'
import { attemptFolder } from './preparation.ts'

/** How long to wait before a state that could not be written is written again (disk full, database locked). */
const COMMIT_RETRY_MS = 1000

export interface ConductorOptions {
  readonly dataDir: string
  readonly assetsDir: string
  readonly store: JobStore
  readonly clock: Clock
  readonly launcher: Launcher
  readonly catalogue: Catalogue
  readonly bus: EventBus
  readonly environment: NodeJS.ProcessEnv
  readonly maxConcurrentSheets: number
  /** Something went wrong that no job can be blamed for. */
  onProblem(message: string, error?: unknown): void
}

interface Pending {
  readonly jobId: string
  readonly event: JobEvent
  readonly attempt?: AttemptRecord
}

/**
 * Owns the present state of every job and is the only one to change it: each event is decided, the new state is
 * committed, and only then its effects are carried out. Events that arrive meanwhile wait their turn.
 */
export class Conductor {
  readonly #options: ConductorOptions
  readonly #jobs = new Map<string, JobRecord>()
  readonly #attempts = new Map<string, Attempt>()
  readonly #timers = new Map<string, Disposer>()
  readonly #queue: Pending[] = []
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
    const instrument = this.#jobs.get(job.id)?.score.instrument ?? 'its instrument'
    return reasonFor(job, instrument, this.#blocked.get(job.id), this.#options.clock.now())
  }

  /** Takes in a new job and starts it as soon as there is a slot. */
  add(job: JobRecord): void {
    this.#clearPauseFile(job)
    this.#options.store.insert(job)
    this.#jobs.set(job.state.id, job)
    this.apply(job.state.id, { type: 'start' })
  }

  /**
   * Picks up where the last Fermata stopped: effects are derived again from the states. Attempts in flight are adopted,
   * timers set anew; jobs that were paused stay paused.
   */
  recover(): void {
    // First all, then on: a `start` already grants slots across all jobs, and what it begins must not be adopted too.
    const unfinished = this.jobs().filter(({ state }) => !isTerminalJob(state.status))
    for (const { state } of unfinished) {
      for (const sheet of state.sheets) {
        if (isInFlight(sheet)) this.#adopt(state, sheet.number, sheet.attempts)
        else if (isTimed(sheet) && sheet.wakeAt !== null && state.intent === 'run')
          this.#setTimer(state.id, sheet.number, sheet.wakeAt)
      }
    }
    for (const { state } of unfinished) this.apply(state.id, { type: 'start' })
  }

  /** Something happened. Decides, commits, then acts. */
  apply(jobId: string, event: JobEvent, attempt?: AttemptRecord): void {
    this.#queue.push({ jobId, event, ...(attempt ? { attempt } : {}) })
    this.#drain()
  }

  /** Says that something visible of the job changed beside its state. */
  touch(jobId: string): void {
    const job = this.#jobs.get(jobId)
    if (job) this.#options.bus.emit({ type: 'changed', jobId, version: job.state.version })
  }

  /** Lets go of everything without ending it. Attempts run on. */
  async close(): Promise<void> {
    this.#closed = true
    this.#commitRetry?.()
    for (const dispose of this.#timers.values()) dispose()
    const attempts = this.attempts()
    this.#attempts.clear()
    await Promise.all(attempts.map((attempt) => attempt.detach()))
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
    return this.#queue.findIndex(({ jobId }) => !this.#stuck.has(jobId))
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
    const { state, effects } = decide(job.state, event, this.#options.clock.now())
    // A slot that nobody wants any more leaves no trace; any other news of an attempt is kept, whatever it means for the job.
    const kept = state === job.state && event.type === 'slot_granted' ? undefined : attempt
    try {
      if (state !== job.state || kept) this.#options.store.commit(job.state, state, kept)
    } catch (error) {
      this.#retryLater(jobId, error)
      return
    }
    this.#queue.splice(at, 1)
    if (event.type === 'pause' && event.by === 'signal_file') this.#clearPauseFile(job)
    if (attempt && event.type === 'attempt_ended') this.#attempts.delete(attempt.marker)
    if (state !== job.state) this.#jobs.set(jobId, { ...job, state })
    for (const effect of effects) this.#perform(jobId, effect, attempt)
    if (state === job.state) return
    if (isTerminalJob(state.status)) this.#clearPauseFile(job)
    this.touch(jobId)
  }

  #grantSlots(): void {
    const states = this.jobs().map(({ state }) => state)
    const { grants, blocked } = dispatch(states, this.#options.maxConcurrentSheets)
    const changed = [...blocked].filter(([jobId, reason]) => this.#blocked.get(jobId) !== reason)
    this.#blocked = blocked
    for (const [jobId] of changed) this.touch(jobId)
    for (const { jobId, sheet } of grants) {
      const job = this.#jobs.get(jobId)
      if (!job || this.#stuck.has(jobId)) continue
      if (pauseFileExists(job.score.workspace, jobId)) {
        this.#queue.push({ jobId, event: { type: 'pause', by: 'signal_file' } })
      } else {
        this.#queue.push({ jobId, event: { type: 'slot_granted', sheet }, attempt: this.#newAttempt(job, sheet) })
      }
    }
  }

  #newAttempt(job: JobRecord, sheet: number): AttemptRecord {
    const jobId = job.state.id
    const number = (job.state.sheets.find((candidate) => candidate.number === sheet)?.attempts ?? 0) + 1
    return {
      jobId,
      sheet,
      number,
      marker: `${jobId}.${sheet}.${number}.${randomBytes(6).toString('hex')}`,
      folder: attemptFolder(this.#options.dataDir, jobId, sheet, number),
      instrument: job.score.instrument,
      identity: null,
      startedAt: this.#options.clock.now(),
      endedAt: null,
      exitStatus: null,
      outcome: null,
      errorCode: null,
      errorMessage: null,
      usage: null,
    }
  }

  #perform(jobId: string, effect: Effect, begun?: AttemptRecord): void {
    const job = this.#jobs.get(jobId)
    if (!job) return
    const { bus, clock } = this.#options
    switch (effect.type) {
      case 'start_attempt': {
        if (begun) void this.#attach(job, begun).begin()
        return
      }
      case 'stop_attempt':
        for (const attempt of this.#attempts.values()) {
          if (attempt.record.jobId === jobId && attempt.record.sheet === effect.sheet) attempt.stop()
        }
        return
      case 'set_timer':
        this.#setTimer(jobId, effect.sheet, effect.at)
        return
      case 'clear_timer':
        this.#clearTimer(jobId, effect.sheet)
        return
      case 'announce_job':
        if (effect.news === 'resumed') this.#clearPauseFile(job)
        bus.emit({ type: 'job', jobId, news: effect.news, at: clock.now(), reason: this.reason(job.state) })
        return
      case 'announce_sheet': {
        const sheet = job.state.sheets.find(({ number }) => number === effect.sheet)
        const reason = sheet?.error?.message ?? ''
        bus.emit({
          type: 'sheet',
          jobId,
          sheet: effect.sheet,
          attempt: sheet?.attempts ?? 0,
          news: effect.news,
          at: clock.now(),
          reason,
        })
        return
      }
    }
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
    this.#clearTimer(jobId, sheet)
    const key = `${jobId}/${sheet}`
    const dispose = this.#options.clock.at(at, () => {
      this.#timers.delete(key)
      this.apply(jobId, { type: 'timer_fired', sheet })
    })
    this.#timers.set(key, dispose)
  }

  #clearTimer(jobId: string, sheet: number): void {
    const key = `${jobId}/${sheet}`
    this.#timers.get(key)?.()
    this.#timers.delete(key)
  }
}
