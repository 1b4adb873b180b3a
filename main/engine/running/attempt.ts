import type { Catalogue } from '../instruments/catalogue.ts'
import { timeoutOf } from '../instruments/config.ts'
import type { InstrumentProfile } from '../instruments/profile.ts'
import { readResult, readUsage, type UsageSource } from '../instruments/read-result.ts'
import type { Price } from '../instruments/usage.ts'
import type { AttemptExit, AttemptRecord, Clock, Disposer, JobRecord, Launcher, ProcessIdentity } from '../ports.ts'
import { lastSignOf } from '../processes/last-output.ts'
import type { AttemptOutcome, JobEvent, Usage } from '../scheduling/state.ts'
import type { Score } from '../score/score.ts'
import type { AttemptPhase } from '../views.ts'
import { codeOf, failure, inOneLine, isPassing, leaving, tookTooLong, wasSilent } from './attempt-failures.ts'
import { endAll, LOOK_AGAIN_MS } from './end-all.ts'
import { attemptEnvironment } from './environment.ts'
import { choiceOf, type PreparationParts, prepareAttempt, readBaseline, workingIn } from './preparation.ts'
import { plannedSheet } from './prepare-prompt.ts'
import { profileFor } from './profile-for.ts'
import { leaveSheetLogs } from './sheet-logs.ts'
import { type RunningWatch, watchForSilence } from './silence.ts'
import { checkMarkers } from './validations/check-places.ts'
import { validate } from './validations/validate.ts'
import { sheetVariables } from './variables.ts'

/** Marianne §7.6. */
const DEFAULT_TIMEOUT_SECONDS = 1800

export interface AttemptSurroundings {
  readonly clock: Clock
  readonly launcher: Launcher
  readonly catalogue: Catalogue
  /** The environment agents inherit. */
  readonly environment: NodeJS.ProcessEnv
  readonly preparation: PreparationParts
  /** Tells scheduling; `record` is to be stored together with the state it leads to. */
  report(jobId: string, event: JobEvent, record: AttemptRecord): void
  /** Keeps what scheduling need not know: since when it stands still. */
  keep(record: AttemptRecord): void
  /** What attempts of a score on an instrument cost. */
  priceFor(profile: InstrumentProfile, score: Score): Price
  /** What was seen of an attempt's usage while it ran. */
  seen(marker: string): Usage | null
  /** Keeps its output within its limit. Never rejects. */
  capOutput(folder: string): Promise<void>
  /** Something visible changed that scheduling need not know. */
  changed(jobId: string): void
  /** What its user should know and no outcome will say. */
  onProblem(message: string): void
}

interface Ending {
  readonly outcome: AttemptOutcome
  readonly usage?: Usage | null
  readonly exitStatus?: number | null
}

/** One execution of a sheet, from the prompt to the checks; ends with exactly one `attempt_ended`. */
export class Attempt {
  readonly #job: JobRecord
  readonly #around: AttemptSurroundings
  readonly #aborted = new AbortController()
  readonly #left = new AbortController()
  #work: Promise<void> = Promise.resolve()
  #record: AttemptRecord
  #disposers: Disposer[] = []
  /** Its timeout and the watch for silence: they stand still while it is frozen. */
  #deadlines: Disposer[] = []
  #silence: RunningWatch | null = null
  /** Awake ms: when it last printed, as far as was seen, or began or went on to run. */
  #quietSince = 0
  #freezeWanted = false
  #signalledAt = 0
  /** Its processes that did not obey the last freeze. */
  #unwilling: readonly number[] = []
  /** When it ended if that was before anybody watched, in epoch ms. */
  #endedAt: number | null = null
  /** Freezes and thaws, one after another. */
  #still: Promise<void> = Promise.resolve()
  #stop: Promise<readonly ProcessIdentity[]> | null = null
  #phase: AttemptPhase = 'starting'
  #over = false

  constructor(job: JobRecord, record: AttemptRecord, around: AttemptSurroundings) {
    this.#job = job
    this.#record = record
    this.#around = around
  }

  get record(): AttemptRecord {
    return this.#record
  }

  get phase(): AttemptPhase {
    return this.#phase
  }

  get unwilling(): readonly number[] {
    return this.#unwilling
  }

  /** When its processes were last frozen or thawed, in monotonic ms: what was seen of them before says nothing any more. */
  get signalledAt(): number {
    return this.#signalledAt
  }

  /** When it is stopped if it prints nothing until then (epoch ms); null when nobody watches for that. */
  get staleAt(): number | null {
    return this.#silence && this.#around.clock.now() + this.#silence.left()
  }

  /** Since when it prints nothing (epoch ms), without the time it or the computer stood still; null while it does not run. */
  get silentSince(): number | null {
    const { clock } = this.#around
    return this.#phase === 'running' ? clock.now() - (clock.awake() - this.#quietSince) : null
  }

  /** It printed something. */
  heard(): void {
    this.#quietSince = this.#around.clock.awake()
  }

  /** Starts the process. */
  begin(): Promise<void> {
    this.#work = this.#begin()
    return this.#work
  }

  async #begin(): Promise<void> {
    const { catalogue, launcher } = this.#around
    try {
      const profile = catalogue.get(this.#record.instrument)
      const { request, warning } = await prepareAttempt(this.#job, this.#record, profile, this.#around.preparation)
      if (this.#aborted.signal.aborted) return this.#end({ outcome: { kind: 'stopped', survivors: [] } })
      this.#running(await launcher.launch(request), warning)
    } catch (error) {
      this.#end({ outcome: failure(codeOf(error), inOneLine(error), isPassing(error)) })
    }
  }

  /** Takes over an attempt that an earlier Fermata began: alive, ended meanwhile, or gone. */
  adopt(): Promise<void> {
    this.#work = this.#adopt()
    return this.#work
  }

  async #adopt(): Promise<void> {
    if (this.#over) return
    const { folder, marker, identity } = this.#record
    const { clock, launcher } = this.#around
    const found = await launcher.inspect(folder, marker, identity).catch(() => null)
    if (this.#over) return
    if (found === null) {
      // The system would not tell now. To guess could start a second attempt beside this one.
      this.#disposers.push(clock.after(LOOK_AGAIN_MS, () => void this.adopt()))
      return
    }
    if (found.kind === 'alive') return this.#running(found.identity)
    this.#endedAt = await lastSignOf(folder, this.#record.startedAt)
    if (this.#over) return
    const stopped = this.#aborted.signal.aborted
    if (found.kind === 'exited' && !stopped) return this.#exited({ kind: 'exited', status: found.status })
    const survivors = await this.#endAll()
    // One that never ran was not lost: Fermata went away before it could start it.
    const usage = identity === null ? null : await this.#used()
    return this.#end({ outcome: { kind: stopped || identity === null ? 'stopped' : 'lost', survivors }, usage })
  }

  /** Ends the process group and everything else that carries the attempt's marker. Idempotent. */
  stop(): void {
    this.#aborted.abort()
    const { identity } = this.#record
    if (identity) void this.#terminate(identity, (survivors) => ({ kind: 'stopped', survivors }))
  }

  /** SIGSTOP for all that runs of it; its timeouts stand still with it. Idempotent. */
  freeze(): void {
    this.#freezeWanted = true
    this.#align()
  }

  /** SIGCONT; its timeouts go on where they stood. Idempotent. */
  thaw(): void {
    this.#freezeWanted = false
    this.#align()
  }

  /** Forgets the attempt without ending it: it runs on, and a later Fermata adopts it. */
  async detach(): Promise<void> {
    this.#over = true
    this.#dispose()
    await this.#still
    // Its checks are made anew by whoever adopts it; until they have ended the data folder is not free.
    this.#left.abort()
    // A stop that has begun comes to its end: what was to be ended must not outlive Fermata unseen.
    await this.#stop
    await this.#work
  }

  #running(identity: ProcessIdentity, warning: string | null = null): void {
    this.#record = { ...this.#record, identity }
    if (this.#over) return
    this.#phase = 'running'
    // Silence counts from now, for an adopted one too: how much of what went before it slept or stood still is not known.
    this.heard()
    const { sheet, number, jobId, folder } = this.#record
    this.#around.report(jobId, { type: 'attempt_started', sheet, attempt: number, warning }, this.#record)
    // Scheduling knows an adopted attempt to be started already: the outside still has to be told that it was found.
    this.#around.changed(jobId)
    if (this.#aborted.signal.aborted) {
      this.stop()
      return
    }
    this.#disposers.push(
      this.#around.launcher.watch(folder, identity, (exit) => {
        this.#work = this.#exited(exit)
      }),
    )
    if (this.#record.frozenAwake === null) this.#setDeadlines(identity)
    this.#align()
  }

  /** Counted from the true start, also for an attempt that was adopted, and without the time it stood still. */
  #setDeadlines(identity: ProcessIdentity): void {
    const { clock } = this.#around
    const seconds = this.#timeoutSeconds()
    const ran = this.#ranFor()
    this.#deadlines.push(
      clock.after(Math.max(0, seconds * 1000 - ran), () => {
        void this.#terminate(identity, (survivors) => tookTooLong(seconds, survivors))
      }),
    )
    const { enabled, idle_timeout_seconds: idle, check_interval_seconds: every } = this.#job.score.stale_detection
    if (!enabled) return
    const { folder } = this.#record
    const watch = { folder, idleMs: idle * 1000, everyMs: every * 1000 }
    this.#silence = watchForSilence(watch, clock, () => {
      void this.#terminate(identity, (survivors) => wasSilent(idle, survivors))
    })
    this.#deadlines.push(this.#silence.dispose)
  }

  /** For how long it ran, without the time it or the computer stood still; in ms. */
  #ranFor(): number {
    const { clock } = this.#around
    const { startedAt, startedAwake, stillMs, frozenAwake } = this.#record
    const since = startedAwake === null ? clock.now() - startedAt : clock.awake() - startedAwake
    return Math.max(0, since - stillMs - (frozenAwake === null ? 0 : clock.awake() - frozenAwake))
  }

  /** Lets its processes stand or go as is wanted now. */
  #align(): void {
    this.#still = this.#still.then(async () => {
      const { identity, frozenAwake } = this.#record
      if (identity === null || this.#over || this.#stop || (this.#phase !== 'running' && this.#phase !== 'frozen')) return
      if (this.#freezeWanted) await this.#standStill(identity)
      else if (frozenAwake !== null) await this.#goOn(identity, frozenAwake)
    })
  }

  async #standStill(identity: ProcessIdentity): Promise<void> {
    const { launcher, clock } = this.#around
    const { jobId, marker, sheet, frozenAwake } = this.#record
    this.#clearDeadlines()
    this.#record = { ...this.#record, frozenAwake: frozenAwake ?? clock.awake() }
    this.#around.keep(this.#record)
    const report = await launcher.freeze(identity, marker).catch(() => ({ unwilling: [identity.pid] }))
    this.#signalledAt = performance.now()
    const { unwilling } = report
    this.#unwilling = unwilling
    if (unwilling.length === 0 && this.#phase === 'running') this.#phase = 'frozen'
    if (unwilling.length > 0 && !this.#over)
      this.#around.onProblem(`Sheet ${sheet} of "${jobId}" could not be frozen whole: process ${unwilling.join(', ')} runs on.`)
    this.#around.changed(jobId)
  }

  async #goOn(identity: ProcessIdentity, frozenAwake: number): Promise<void> {
    const { launcher, clock } = this.#around
    const { jobId, marker, stillMs, sheet } = this.#record
    const report = await launcher.thaw(identity, marker).catch(() => ({ unwilling: [identity.pid] }))
    if (report.unwilling.length > 0 && !this.#over)
      this.#around.onProblem(
        `Sheet ${sheet} of "${jobId}" could not be thawed whole: process ${report.unwilling.join(', ')} stands.`,
      )
    this.#signalledAt = performance.now()
    this.#record = { ...this.#record, stillMs: stillMs + clock.awake() - frozenAwake, frozenAwake: null }
    this.#around.keep(this.#record)
    if (this.#phase === 'frozen') this.#phase = 'running'
    this.heard()
    if (!this.#over && !this.#stop && this.#phase === 'running') this.#setDeadlines(identity)
    this.#around.changed(jobId)
  }

  /** An adopted attempt may outlive its profile: it is still watched, with Marianne's default. */
  #timeoutSeconds(): number {
    const { config } = choiceOf(this.#job, this.#record)
    try {
      return timeoutOf(this.#around.catalogue.get(this.#record.instrument), config)
    } catch {
      return config.timeout_seconds ?? DEFAULT_TIMEOUT_SECONDS
    }
  }

  async #terminate(identity: ProcessIdentity, outcome: (survivors: readonly ProcessIdentity[]) => AttemptOutcome): Promise<void> {
    if (this.#stop || this.#over) return
    this.#dispose()
    this.#phase = 'stopping'
    // What is just being frozen must not be stopped in both senses at once.
    this.#stop = this.#still.then(() => this.#endAll()).catch(() => [identity])
    const survivors = await this.#stop
    this.#end({ outcome: outcome(survivors), usage: await this.#used() })
  }

  /**
   * Its wrapper may be gone and have left others, as may its checks: they must not run beside the next attempt. Gives those that
   * stayed.
   */
  async #endAll(): Promise<readonly ProcessIdentity[]> {
    const { identity, marker, sheet, jobId } = this.#record
    const { launcher, clock, onProblem } = this.#around
    const parts = {
      ...{ launcher, clock, signal: this.#left.signal },
      onUnknown: (error: unknown) =>
        onProblem(`What sheet ${sheet} of "${jobId}" left running cannot be seen, Fermata looks again: ${inOneLine(error)}`),
    }
    const checks = await checkMarkers(this.#record)
    const left = await Promise.all([endAll(identity, marker, parts), ...checks.map((check) => endAll(null, check, parts))])
    return left.flat()
  }

  async #exited(exit: AttemptExit): Promise<void> {
    this.#dispose()
    if (this.#stop || this.#over) return
    this.#phase = 'checking'
    this.#around.changed(this.#record.jobId)
    if (exit.kind === 'lost') {
      const survivors = await this.#endAll()
      const outcome = leaving(failure('E002', 'Its process was killed from outside', true), survivors)
      return this.#end({ outcome, usage: await this.#used() })
    }
    // A cut under way must be over before the output is read.
    await this.#around.capOutput(this.#record.folder)
    const ending = await this.#judge(exit.status).catch(
      (error: unknown): Ending => ({ outcome: failure('E009', `Its result could not be read: ${inOneLine(error)}`, true) }),
    )
    // What a sheet that is done left running may be its very work, such as a server; what failed is run again, alone.
    const survivors = ending.outcome.kind === 'succeeded' || this.#over ? [] : await this.#endAll()
    this.#end({ exitStatus: exit.status, ...ending, outcome: leaving(ending.outcome, survivors) })
  }

  /** What the instrument said, then what the score's checks say. */
  async #judge(exitStatus: number): Promise<Ending> {
    const { catalogue, clock, launcher, environment, preparation, capOutput } = this.#around
    const { workspace } = await preparation.place()
    const { score, plan } = workingIn(this.#job, workspace)
    const { folder, marker, instrument } = this.#record
    const profile = profileFor(catalogue, score, instrument)
    const { verdict, usage } = await readResult(profile, { ...this.#usageSource(profile), exitStatus, now: clock.now() })
    if (verdict.kind === 'rate_limited') return { usage, outcome: verdict }
    if (verdict.kind === 'failed') return { usage, outcome: { ...verdict, validation: null } }
    if (score.validations.length === 0) return { usage, outcome: { kind: 'succeeded', validation: null } }

    await leaveSheetLogs(score, this.#record.sheet, folder, workspace)
    const survivors: ProcessIdentity[] = []
    const { summary, code } = await validate(score.validations, {
      folder,
      workspace,
      variables: sheetVariables({ score, plan, sheet: plannedSheet(this.#job, this.#record.sheet), instrument }),
      baseline: await readBaseline(folder),
      env: attemptEnvironment(environment, this.#record, workspace),
      marker,
      launcher,
      clock,
      capOutput,
      signal: AbortSignal.any([this.#aborted.signal, this.#left.signal]),
      redact: preparation.redact,
      onLeft: (left) => survivors.push(...left),
    })
    if (code === null) return { usage, outcome: { kind: 'succeeded', validation: summary, survivors } }
    const message = `${summary.failures.length} of ${summary.total} checks failed: ${summary.failures[0]}`
    return { usage, outcome: { kind: 'failed', error: { code, message }, retriable: true, validation: summary } }
  }

  #usageSource(profile: InstrumentProfile): UsageSource {
    const { folder, marker } = this.#record
    const { priceFor, seen } = this.#around
    return {
      folder,
      model: choiceOf(this.#job, this.#record).config.model,
      price: priceFor(profile, this.#job.score),
      seen: seen(marker),
    }
  }

  /** What it used up to a stop or a loss: work that came to nothing costs as well. */
  async #used(): Promise<Usage | null> {
    const { catalogue, seen, capOutput } = this.#around
    // A cut under way must be over before the output is read.
    await capOutput(this.#record.folder)
    try {
      const profile = profileFor(catalogue, this.#job.score, this.#record.instrument)
      return await readUsage(profile, this.#usageSource(profile))
    } catch {
      return seen(this.#record.marker)
    }
  }

  #end({ outcome, usage = null, exitStatus = null }: Ending): void {
    if (this.#over) return
    this.#over = true
    this.#dispose()
    const { jobId, sheet, number } = this.#record
    const error = outcome.kind === 'failed' ? outcome.error : null
    this.#record = {
      ...this.#record,
      endedAt: this.#endedAt ?? this.#around.clock.now(),
      exitStatus,
      outcome: outcome.kind,
      errorCode: error?.code ?? null,
      errorMessage: error?.message ?? (outcome.kind === 'rate_limited' ? outcome.message : null),
      usage,
    }
    this.#around.report(
      jobId,
      { type: 'attempt_ended', sheet, attempt: number, outcome, usage, endedAt: this.#endedAt },
      this.#record,
    )
  }

  #dispose(): void {
    this.#clearDeadlines()
    for (const dispose of this.#disposers.splice(0)) dispose()
  }

  #clearDeadlines(): void {
    this.#silence = null
    for (const dispose of this.#deadlines.splice(0)) dispose()
  }
}
