import type { Catalogue } from '../instruments/catalogue.ts'
import type { InstrumentProfile } from '../instruments/profile.ts'
import type { Price } from '../instruments/usage.ts'
import type { LimitCoordinator } from '../limits/coordinator.ts'
import type { AttemptRecord, Clock, Disposer, JobRecord, JobStore, Launcher, TimeShift } from '../ports.ts'
import type { Redact } from '../redaction/redactor.ts'
import { decide } from '../scheduling/decide.ts'
import { type DispatchPlan, dispatch } from '../scheduling/dispatch.ts'
import { stationAt } from '../scheduling/graph.ts'
import { clocked, missedShift, timeUpAt } from '../scheduling/job-clock.ts'
import { covers, waitingSheets } from '../scheduling/limited-sheets.ts'
import { reasonFor, sheetReason } from '../scheduling/reason.ts'
import type { Decision, Effect, JobEvent, JobState, Usage } from '../scheduling/state.ts'
import { isInFlight, isTerminalJob, isTimed } from '../scheduling/statuses.ts'
import type { Score } from '../score/score.ts'
import { announcement } from './announcement.ts'
import type { Attempt } from './attempt.ts'
import { Attempts } from './attempts.ts'
import type { EventBus } from './event-bus.ts'
import type { FollowUpParts } from './follow-up.ts'
import type { Gatekeeper } from './gatekeeper.ts'
import { refusedNotice, restNotice } from './instrument-notice.ts'
import { endLeftovers } from './leftovers.ts'
import { type LookEnd, Looks } from './looks.ts'
import { newAttempt } from './new-attempt.ts'
import { pauseFile, pauseFileExists, removePauseFile } from './pause-file.ts'
import type { PreparationParts } from './preparation.ts'
import { LET_GO } from './run-once.ts'
import { Timers } from './timers.ts'
import { whyUnsaved } from './unsaved.ts'
import { eventWithoutSecrets, jobWithoutSecrets, recordWithoutSecrets } from './without-secrets.ts'

/** How long to wait before a state that could not be written is written again (disk full, database locked). */
const COMMIT_RETRY_MS = 1000
const DISPATCH_TIMER = 'dispatch'
/** What brings processes to rest. */
const STILLING: ReadonlySet<Effect['type']> = new Set(['stop_attempt', 'freeze_attempt', 'stop_look', 'stop_hooks'])

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

const slotKey = (jobId: string, sheet: number): string => `${jobId}/${sheet}`
const clockKey = (jobId: string): string => `${jobId}/clock`

/**
 * Owns the present state of every job and is the only one to change it: each event is decided, the new state is
 * committed, and only then its effects are carried out. Events that arrive meanwhile wait their turn.
 */
export class Conductor {
  readonly #options: ConductorOptions
  readonly #jobs = new Map<string, JobRecord>()
  readonly #attempts: Attempts
  readonly #timers: Timers
  readonly #stopShifts: Disposer
  readonly #queue: Pending[] = []
  readonly #looks: Looks
  readonly #hooks = new Map<string, AbortController>()
  /** Jobs whose hooks an earlier Fermata left running. */
  readonly #hooksLeft = new Set<string>()
  /** What runs beside attempts: hooks, looks at sheets before they start, and the end of what sheets left. */
  readonly #errands = new Set<Promise<void>>()
  /** Aborted when it is closed. */
  readonly #left = new AbortController()
  #blocked: ReadonlyMap<string, string> = new Map()
  #draining = false
  /** Jobs whose state could not be saved just now: their events wait for the retry, those of other jobs go on. */
  readonly #stuck = new Set<string>()
  /** Jobs of which something could not be saved yet, with why. */
  readonly #unsaved = new Map<string, unknown>()
  #commitRetry: Disposer | null = null
  /** Told once, not every second. */
  #stalled = false
  #closed = false

  constructor(options: ConductorOptions) {
    this.#options = options
    this.#attempts = new Attempts({
      ...options,
      report: (jobId, event, record) => this.apply(jobId, event, record),
      changed: (jobId) => this.touch(jobId),
    })
    this.#looks = new Looks(options.gatekeeper, options.onProblem)
    this.#timers = new Timers(options.clock, () => this.#drain())
    this.#stopShifts = options.clock.onShift((shift) => this.#shift(shift))
    for (const job of options.store.list()) {
      this.#jobs.set(job.state.id, job)
      if (job.state.hooks === 'running') this.#hooksLeft.add(job.state.id)
    }
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
    const reason = reasonFor(job, this.#blocked.get(job.id), this.#options.clock.now())
    const remarks = this.attempts().flatMap(({ record, phase, unwilling }) => {
      if (record.jobId !== job.id || !job.frozen) return []
      if (phase === 'checking') return [`the checks of sheet ${record.sheet} run to their end`]
      return unwilling.length > 0 ? [`process ${unwilling.join(', ')} could not be frozen and runs on`] : []
    })
    if (this.#unsaved.has(job.id))
      remarks.push(`what happens to it cannot be saved just now: ${whyUnsaved(this.#unsaved.get(job.id))}`)
    return [reason, ...remarks].join('; ')
  }

  /** Why each sheet is as it is, where its status does not say; in sheet order. */
  sheetReasons(job: JobState): readonly (string | null)[] {
    const now = this.#options.clock.now()
    return job.sheets.map((sheet) => sheetReason(job, sheet, this.#blocked.get(job.id), now))
  }

  /** Takes in a new job and starts it as soon as there is a slot. */
  add(submitted: JobRecord): void {
    const job = jobWithoutSecrets(submitted, this.#options.redact)
    this.#clearPauseFile(job)
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

  /**
   * Picks up where the last Fermata stopped: effects are derived again from the states. Attempts in flight are adopted,
   * timers set anew; jobs that were paused stay paused.
   */
  recover(): void {
    // First all, then on: a `start` already grants slots across all jobs, and what it begins must not be adopted too.
    const unfinished = this.jobs().filter(({ state }) => !isTerminalJob(state.status))
    const now = this.#options.clock.now()
    const awake = this.#options.clock.awake()
    for (const { state } of this.jobs()) if (state.leftoversDue) this.#send(this.#endLeftovers(state.id))
    for (const job of unfinished) {
      const { state } = job
      for (const sheet of state.looking) this.#send(this.#endLook(state.id, sheet, this.#looks.end(state.id, sheet)))
      const sleptMs = missedShift(state, now, awake)
      if (sleptMs !== 0) this.#enqueue(state.id, { type: 'time_shifted', sleptMs, jumpedMs: 0 })
      const adoptions: Promise<void>[] = []
      for (const sheet of state.sheets) {
        if (isInFlight(sheet)) adoptions.push(this.#attempts.adopt(job, sheet))
        if (!isTimed(sheet)) continue
        const station = stationAt(state, sheet)
        if (sheet.wakeAt === null) {
          // Whatever it waits for is not known any more: it finds out.
          if (this.#options.limits.waitFor(station, now)?.until !== null)
            this.#queue.push({ jobId: state.id, event: { type: 'limit_cleared', sheet: sheet.number } })
          continue
        }
        if (sheet.status === 'waiting') this.#options.limits.limit(station, sheet.wakeAt, now, sheet.error?.message ?? '')
        if (state.intent === 'run') this.#setTimer(state.id, sheet.number, sheet.wakeAt)
      }
      // Not before it is known what ended while nobody watched: that time does not count.
      void Promise.all(adoptions).then(() => this.#resetClock(state.id))
    }
    const asks = this.#options.asksOnReturn()
    for (const { state } of unfinished) {
      // What follows the last sheet is no new work: it comes to its end.
      const event: JobEvent = asks && state.hooks !== 'running' ? { type: 'pause', by: 'return' } : { type: 'start' }
      this.#queue.push({ jobId: state.id, event })
    }
    // Only now: slots are granted across all jobs, and each has to be held first that is to be.
    this.#drain()
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
      if (!isTerminalJob(state.status)) this.#queue.push({ jobId: state.id, event: { type: 'time_shifted', ...shift } })
    this.#drain()
  }

  /** Says that something visible of the job changed beside its state. */
  touch(jobId: string): void {
    const job = this.#jobs.get(jobId)
    if (job) this.#options.bus.emit({ type: 'changed', jobId, version: job.state.version })
  }

  /** Lets go of everything. Attempts and hooks run on; looks at sheets are ended, and made anew by the next Fermata. */
  async close(): Promise<void> {
    this.#closed = true
    this.#left.abort()
    this.#commitRetry?.()
    this.#stopShifts()
    this.#timers.clearAll()
    for (const hooks of this.#hooks.values()) hooks.abort(LET_GO)
    this.#looks.abortAll()
    await Promise.all([this.#attempts.detach(), ...this.#errands])
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
    this.#unsaved.set(jobId, error)
    this.touch(jobId)
    this.#commitRetry ??= this.#options.clock.after(COMMIT_RETRY_MS, () => {
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
      if (event.type === 'slot_granted' || event.type === 'look_begun') this.#queue.splice(at, 1)
      // What fills the disk must not be safe from being stopped because the disk is full; to stop it twice is harmless.
      for (const effect of effects) if (STILLING.has(effect.type)) this.#perform(jobId, effect)
      this.#retryLater(jobId, error)
      return
    }
    this.#unsaved.delete(jobId)
    this.#queue.splice(at, 1)
    if (event.type === 'pause' && event.by === 'signal_file') this.#clearPauseFile(job)
    if (state !== job.state) this.#jobs.set(jobId, { ...job, state })
    if (attempt && event.type === 'attempt_ended') {
      this.#attempts.forget(attempt.marker)
      this.#options.onAttemptEnd({ ...job, state }, attempt)
    }
    for (const effect of effects) this.#perform(jobId, effect, attempt)
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
    this.#clearPauseFile(job)
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
    const plan = dispatch(states, limits.at(now), this.#looks.keys(), now)
    this.#tellBlocked(plan)
    if (plan.wakeAt === null) this.#timers.clear(DISPATCH_TIMER)
    else this.#timers.set(DISPATCH_TIMER, plan.wakeAt, () => {})
    for (const jobId of plan.thaws) this.#queue.push({ jobId, event: { type: 'thaw_granted' } })
    for (const { jobId, sheet, reason } of plan.switches) this.#queue.push({ jobId, event: { type: 'switch', sheet, reason } })
    for (const { jobId, sheet } of plan.grants) this.#grant(jobId, sheet)
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
    if (job.state.looking.includes(sheet)) return
    if (this.#options.gatekeeper.needsLook(job, sheet)) this.#enqueue(jobId, { type: 'look_begun', sheet })
    else this.#giveSlot(job, sheet)
  }

  #giveSlot(job: JobRecord, sheet: number): void {
    const attempt = newAttempt(job, sheet, this.#options.dataDir, this.#options.clock)
    this.#enqueue(job.state.id, { type: 'slot_granted', sheet }, attempt)
  }

  /** Without an answer the sheet is looked at again when it may start. */
  async #endLook(jobId: string, sheet: number, look: Promise<LookEnd>): Promise<void> {
    const { admission, survivors } = await look
    const current = this.#jobs.get(jobId)
    if (this.#closed || !current) return
    this.#enqueue(jobId, { type: 'look_ended', sheet, survivors })
    // In the same go: it must not be looked at a second time in between.
    if (admission?.kind === 'go') this.#giveSlot(current, sheet)
    else if (admission) this.#enqueue(jobId, { type: admission.kind, sheet, reason: admission.reason })
    this.#drain()
  }

  /** What cannot be found out now is done at the next start. */
  async #endLeftovers(jobId: string): Promise<void> {
    const survivors = await endLeftovers(jobId, { ...this.#options, signal: this.#left.signal })
    if (survivors && !this.#closed) this.apply(jobId, { type: 'leftovers_ended', survivors })
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
        if (!begun) return
        limits.began(stationAt(job.state, { number: effect.sheet, choice: begun.choice }), clock.now())
        this.#attempts.begin(job, begun)
        return
      case 'stop_attempt':
        this.#attempts.of(jobId, effect.sheet)?.stop()
        return
      case 'look':
        this.#send(this.#endLook(jobId, effect.sheet, this.#looks.take(job, effect.sheet)))
        return
      case 'stop_look':
        this.#looks.abort(jobId, effect.sheet)
        return
      case 'end_leftovers':
        this.#send(this.#endLeftovers(jobId))
        return
      case 'freeze_attempt':
        this.#attempts.of(jobId, effect.sheet)?.freeze()
        return
      case 'thaw_attempt':
        this.#attempts.of(jobId, effect.sheet)?.thaw()
        return
      case 'set_clock':
        this.#setClock(job.state)
        return
      case 'set_timer':
        this.#setTimer(jobId, effect.sheet, effect.at)
        return
      case 'clear_timer':
        this.#timers.clear(slotKey(jobId, effect.sheet))
        return
      case 'limit_instrument':
        limits.limit(effect.station, effect.until, clock.now(), effect.message)
        // Nobody goes on by itself before its user says so.
        if (limits.waitFor(effect.station, clock.now())?.until === null)
          for (const { sheet } of waitingSheets(
            [job.state],
            (station, { wakeAt }) => wakeAt !== null && covers(effect.station, station),
          ))
            this.#queue.push({ jobId, event: { type: 'limit_moved', sheet, until: null } })
        return
      case 'refuse_instrument':
        if (limits.refuse(effect.instrument, effect.message, clock.now()))
          bus.emit(refusedNotice(jobId, effect.instrument, effect.message))
        return
      case 'count_outcome':
        if (limits.count(effect.station, effect.failed, effect.breaker, clock.now()))
          bus.emit(restNotice(jobId, effect.station.instrument))
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
    const error = await this.#options.runHooks(job, {
      signal: controller.signal,
      goesOn: this.#hooksLeft.delete(jobId),
      onDone: (hook) => this.apply(jobId, { type: 'hook_done', hook }),
    })
    this.#hooks.delete(jobId)
    if (!this.#closed) this.apply(jobId, { type: 'hooks_ended', error })
  }

  #clearPauseFile({ score: { workspace }, state: { id } }: JobRecord): void {
    if (removePauseFile(workspace, id)) return
    const problem = `The pause file ${pauseFile(workspace, id)} cannot be removed: the job pauses until you remove it.`
    this.#options.onProblem(problem)
  }

  #setTimer(jobId: string, sheet: number, at: number): void {
    this.#timers.set(slotKey(jobId, sheet), at, () => this.#queue.push({ jobId, event: { type: 'timer_fired', sheet } }))
  }

  #resetClock(jobId: string): void {
    const job = this.#jobs.get(jobId)
    if (job && !this.#closed) this.#setClock(job.state)
  }

  /** The alarm of a job that may run for so long only. */
  #setClock(state: JobState): void {
    const at = timeUpAt(state)
    if (at === null) this.#timers.clear(clockKey(state.id))
    else this.#timers.set(clockKey(state.id), at, () => this.#queue.push({ jobId: state.id, event: { type: 'time_up' } }))
  }
}
