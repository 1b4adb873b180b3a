import type { Catalogue } from '../instruments/catalogue.ts'
import type { InstrumentProfile } from '../instruments/profile.ts'
import type { Price } from '../instruments/usage.ts'
import type { LimitCoordinator } from '../limits/coordinator.ts'
import type { AttemptRecord, Clock, Disposer, JobRecord, JobStore, Launcher, TimeShift } from '../ports.ts'
import type { Redact } from '../redaction/redactor.ts'
import { decide } from '../scheduling/decide.ts'
import { clocked } from '../scheduling/job-clock.ts'
import { reasonFor, sheetReason } from '../scheduling/reason.ts'
import type { Decision, JobEvent, JobState, Usage } from '../scheduling/state.ts'
import { isTerminalJob } from '../scheduling/statuses.ts'
import type { Score } from '../score/score.ts'
import { Alarms } from './alarms.ts'
import type { Attempt } from './attempt.ts'
import { Attempts } from './attempts.ts'
import type { Conducting } from './conducting.ts'
import { bringsToRest, Effects } from './effects.ts'
import { Errands } from './errands.ts'
import type { EventBus } from './event-bus.ts'
import type { FollowUpParts } from './follow-up.ts'
import type { Gatekeeper } from './gatekeeper.ts'
import { Looks } from './looks.ts'
import { clearPauseFile } from './pause-file.ts'
import type { PreparationParts } from './preparation.ts'
import { recoverJobs } from './recovery.ts'
import { Slots } from './slots.ts'
import { UnsavedJobs } from './unsaved-jobs.ts'
import { eventWithoutSecrets, jobWithoutSecrets, recordWithoutSecrets } from './without-secrets.ts'

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
  /** Asked before a sheet starts. */
  readonly gatekeeper: Gatekeeper
  /** Keeps an attempt's output within its limit. Never rejects. */
  capOutput(folder: string): Promise<void>
  /** Its user wants to say which jobs go on when Fermata comes back. */
  asksOnReturn(): boolean
  /** What follows a job's last sheet. Answers with why it failed, or null. Never rejects. */
  runHooks(job: JobRecord, run: Pick<FollowUpParts, 'signal' | 'goesOn' | 'onDone'>): Promise<string | null>
  /** What attempts of a score on an instrument cost. */
  priceFor(profile: InstrumentProfile, score: Score): Price
  /** What was seen of an attempt's usage while it ran. */
  seen(marker: string): Usage | null
  /** An attempt has ended, and its end is stored. */
  onAttemptEnd(job: JobRecord, attempt: AttemptRecord): void
  /** A job has come to its end. */
  onEnd(job: JobRecord): void
  /** Takes secrets out of what is kept and shown. */
  readonly redact: Redact
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
  readonly #jobs: Map<string, JobRecord>
  readonly #queue: Pending[] = []
  /** Aborted when it is closed. */
  readonly #left = new AbortController()
  readonly #conducting: Conducting = {
    jobs: () => this.jobs(),
    job: (jobId) => this.job(jobId),
    enqueue: (jobId, event, attempt) => this.#enqueue(jobId, event, attempt),
    proceed: () => this.#drain(),
    touch: (jobId) => this.touch(jobId),
    closed: this.#left.signal,
  }
  readonly #attempts: Attempts
  readonly #alarms: Alarms
  readonly #slots: Slots
  readonly #errands: Errands
  readonly #looks: Looks
  readonly #effects: Effects
  readonly #unsaved: UnsavedJobs
  readonly #stopShifts: Disposer
  #draining = false

  constructor(options: ConductorOptions) {
    this.#options = options
    this.#jobs = new Map(options.store.list().map((job) => [job.state.id, job]))
    this.#attempts = new Attempts({
      ...options,
      report: (jobId, event, record) => this.apply(jobId, event, record),
      changed: (jobId) => this.touch(jobId),
    })
    this.#looks = new Looks(options.gatekeeper, options.onProblem)
    this.#alarms = new Alarms(options.clock, this.#conducting)
    this.#unsaved = new UnsavedJobs(options.clock, this.#conducting, options.onProblem)
    const parts = {
      ...options,
      conducting: this.#conducting,
      attempts: this.#attempts,
      looks: this.#looks,
      alarms: this.#alarms,
      reason: (job: JobState) => this.reason(job),
    }
    this.#slots = new Slots(parts)
    this.#errands = new Errands({ ...parts, slots: this.#slots })
    this.#effects = new Effects({ ...parts, errands: this.#errands })
    this.#stopShifts = options.clock.onShift((shift) => this.#shift(shift))
  }

  jobs(): readonly JobRecord[] {
    return [...this.#jobs.values()]
  }

  job(jobId: string): JobRecord | undefined {
    return this.#jobs.get(jobId)
  }

  /** The attempts that run now, of all jobs. */
  attempts(): readonly Attempt[] {
    return this.#attempts.all()
  }

  reason(job: JobState): string {
    const reason = reasonFor(job, this.#slots.blocked(job.id), this.#options.clock.now())
    const remarks = this.attempts().flatMap(({ record, phase, unwilling }) => {
      if (record.jobId !== job.id || !job.frozen) return []
      if (phase === 'checking') return [`the checks of sheet ${record.sheet} run to their end`]
      return unwilling.length > 0 ? [`process ${unwilling.join(', ')} could not be frozen and runs on`] : []
    })
    const unsaved = this.#unsaved.why(job.id)
    if (unsaved !== null) remarks.push(unsaved)
    return [reason, ...remarks].join('; ')
  }

  /** Why each sheet is as it is, where its status does not say; in sheet order. */
  sheetReasons(job: JobState): readonly (string | null)[] {
    const now = this.#options.clock.now()
    return job.sheets.map((sheet) => sheetReason(job, sheet, this.#slots.blocked(job.id), now))
  }

  /** Takes in a new job and starts it as soon as there is a slot. */
  add(submitted: JobRecord): void {
    const job = jobWithoutSecrets(submitted, this.#options.redact)
    clearPauseFile(job, this.#options.onProblem)
    this.#options.store.insert(job)
    this.#jobs.set(job.state.id, job)
    this.apply(job.state.id, { type: 'start' })
  }

  /** Puts a changed score in the place of a job's old one; it must not be running. */
  replace(changed: JobRecord): void {
    const next = jobWithoutSecrets(changed, this.#options.redact)
    const old = this.#jobs.get(next.state.id)
    if (!old) return
    this.#options.store.replace(old.state, next)
    this.#looks.abort(next.state.id)
    this.#jobs.set(next.state.id, next)
    this.touch(next.state.id)
  }

  /** Picks up where the last Fermata stopped. */
  recover(): void {
    recoverJobs({
      ...this.#options,
      conducting: this.#conducting,
      attempts: this.#attempts,
      errands: this.#errands,
      alarms: this.#alarms,
    })
  }

  /** Something happened. Decides, commits, then acts. */
  apply(jobId: string, event: JobEvent, attempt?: AttemptRecord): void {
    this.#enqueue(jobId, event, attempt)
    this.#drain()
  }

  #enqueue(jobId: string, event: JobEvent, attempt?: AttemptRecord): void {
    const { redact } = this.#options
    const kept = attempt && recordWithoutSecrets(attempt, redact)
    this.#queue.push({ jobId, event: eventWithoutSecrets(event, redact), ...(kept ? { attempt: kept } : {}) })
  }

  /** Limits have changed: whoever waited may go. */
  look(): void {
    this.#drain()
  }

  /** The computer slept, or its clock was set: what is waited for moves with it before anything of it comes due. */
  #shift(shift: TimeShift): void {
    if (shift.jumpedMs !== 0) this.#options.limits.shift(shift.jumpedMs)
    for (const { state } of this.jobs())
      if (!isTerminalJob(state.status)) this.#enqueue(state.id, { type: 'time_shifted', ...shift })
    this.#drain()
  }

  /** Says that something visible of the job changed beside its state. */
  touch(jobId: string): void {
    const job = this.#jobs.get(jobId)
    if (job) this.#options.bus.emit({ type: 'changed', jobId, version: job.state.version })
  }

  /** Lets go of everything. Attempts and hooks run on; looks at sheets are ended, and made anew by the next Fermata. */
  async close(): Promise<void> {
    this.#left.abort()
    this.#unsaved.close()
    this.#stopShifts()
    this.#alarms.clearAll()
    this.#errands.letGo()
    await Promise.all([this.#attempts.detach(), this.#errands.back()])
  }

  #drain(): void {
    if (this.#draining || this.#left.signal.aborted) return
    this.#draining = true
    try {
      do {
        for (let at = this.#nextAt(); at >= 0; at = this.#nextAt()) this.#step(at)
        if (!this.#left.signal.aborted) this.#slots.grant(this.#unsaved.stuck)
      } while (this.#nextAt() >= 0)
      this.#unsaved.settle()
    } finally {
      this.#draining = false
    }
  }

  /** Where in the queue the first event stands that can be decided now; -1 when there is none. */
  #nextAt(): number {
    return this.#left.signal.aborted ? -1 : this.#queue.findIndex(({ jobId }) => !this.#unsaved.stuck.has(jobId))
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
      if (event.type === 'slot_granted' || event.type === 'look_begun') this.#queue.splice(at, 1)
      // What fills the disk must not be safe from being stopped because the disk is full; to stop it twice is harmless.
      for (const effect of effects) if (bringsToRest(effect)) this.#effects.perform(jobId, effect)
      // Nothing was lost: the event keeps its place and is decided again.
      this.#unsaved.refused(jobId, error)
      return
    }
    this.#unsaved.saved(jobId)
    this.#queue.splice(at, 1)
    if (event.type === 'pause' && event.by === 'signal_file') clearPauseFile(job, this.#options.onProblem)
    if (state !== job.state) this.#jobs.set(jobId, { ...job, state })
    if (attempt && event.type === 'attempt_ended') {
      this.#attempts.forget(attempt.marker)
      this.#options.onAttemptEnd({ ...job, state }, attempt)
    }
    for (const effect of effects) this.#effects.perform(jobId, effect, attempt)
    if (state === job.state) return
    if (isTerminalJob(state.status)) this.#ended({ ...job, state })
    this.touch(jobId)
  }

  /** A fault in deciding must not hold up every job for ever: the event is dropped and told. */
  #decide(state: JobState, event: JobEvent): Decision {
    const { clock } = this.#options
    const now = clock.now()
    try {
      const decision = decide(state, event, now)
      return { ...decision, state: clocked(state, decision.state, now, clock.awake()) }
    } catch (error) {
      this.#options.onProblem(`An event of "${state.id}" (${event.type}) could not be handled and was dropped.`, error)
      return { state, effects: [] }
    }
  }

  #ended(job: JobRecord): void {
    clearPauseFile(job, this.#options.onProblem)
    this.#options.onEnd(job)
  }
}
