import type { AttemptExit, AttemptRecord, Disposer, JobRecord, ProcessIdentity } from '../ports.ts'
import { lastSignOf } from '../processes/last-output.ts'
import type { AttemptOutcome, JobEvent, Usage } from '../scheduling/state.ts'
import type { AttemptPhase } from '../views.ts'
import { codeOf, failure, inOneLine, isPassing, leaving, tookTooLong, wasSilent } from './attempt-failures.ts'
import { usedUntilNow } from './attempt-usage.ts'
import { Deadlines } from './deadlines.ts'
import { endAll, LOOK_AGAIN_MS } from './end-all.ts'
import { type Judgement, type JudgeParts, judge } from './judge.ts'
import { prepareAttempt } from './preparation.ts'
import { type AttemptCourse, Standstill, type StandstillParts } from './standstill.ts'
import { checkMarkers } from './validations/check-places.ts'

/** What an attempt needs around it: to be judged, to stand still, and to tell what became of it. */
export interface AttemptSurroundings extends JudgeParts, StandstillParts {
  /** Tells scheduling; `record` is to be stored together with the state it leads to. */
  report(jobId: string, event: JobEvent, record: AttemptRecord): void
}

interface Ending extends Judgement {
  readonly exitStatus?: number | null
}

/** One execution of a sheet, from the prompt to the checks; ends with exactly one `attempt_ended`. */
export class Attempt {
  readonly #job: JobRecord
  readonly #around: AttemptSurroundings
  readonly #aborted = new AbortController()
  readonly #left = new AbortController()
  readonly #course: AttemptCourse
  readonly #deadlines: Deadlines
  readonly #standstill: Standstill
  #work: Promise<void> = Promise.resolve()
  #disposers: Disposer[] = []
  /** When it ended if that was before anybody watched, in epoch ms. */
  #endedAt: number | null = null

  constructor(job: JobRecord, record: AttemptRecord, around: AttemptSurroundings) {
    this.#job = job
    this.#around = around
    this.#course = { record, phase: 'starting', over: false, stop: null }
    this.#deadlines = new Deadlines(job, {
      clock: around.clock,
      catalogue: around.catalogue,
      onTimeUp: (seconds) => void this.#terminate((survivors) => tookTooLong(seconds, survivors)),
      onSilence: (seconds) => void this.#terminate((survivors) => wasSilent(seconds, survivors)),
    })
    this.#standstill = new Standstill(this.#course, this.#deadlines, around)
  }

  get record(): AttemptRecord {
    return this.#course.record
  }

  get phase(): AttemptPhase {
    return this.#course.phase
  }

  /** Its processes that did not obey the last freeze. */
  get unwilling(): readonly number[] {
    return this.#standstill.unwilling
  }

  /** When its processes were last frozen or thawed, in monotonic ms: what was seen of them before says nothing any more. */
  get signalledAt(): number {
    return this.#standstill.signalledAt
  }

  /** When it is stopped if it prints nothing until then (epoch ms); null when nobody watches for that. */
  get staleAt(): number | null {
    return this.#deadlines.staleAt
  }

  /** Since when it prints nothing (epoch ms), without the time it or the computer stood still; null while it does not run. */
  get silentSince(): number | null {
    return this.phase === 'running' ? this.#deadlines.silentSince : null
  }

  /** It printed something. */
  heard(): void {
    this.#deadlines.heard()
  }

  /** Starts the process. */
  begin(): Promise<void> {
    this.#work = this.#begin()
    return this.#work
  }

  async #begin(): Promise<void> {
    const { catalogue, launcher } = this.#around
    try {
      const profile = catalogue.get(this.record.instrument)
      const { request, warning } = await prepareAttempt(this.#job, this.record, profile, this.#around.preparation)
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
    if (this.#course.over) return
    const { folder, marker, identity } = this.record
    const { clock, launcher } = this.#around
    const found = await launcher.inspect(folder, marker, identity).catch(() => null)
    if (this.#course.over) return
    if (found === null) {
      // The system would not tell now. To guess could start a second attempt beside this one.
      this.#disposers.push(clock.after(LOOK_AGAIN_MS, () => void this.adopt()))
      return
    }
    if (found.kind === 'alive') return this.#running(found.identity)
    this.#endedAt = await lastSignOf(folder, this.record.startedAt)
    if (this.#course.over) return
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
    void this.#terminate((survivors) => ({ kind: 'stopped', survivors }))
  }

  /** SIGSTOP for all that runs of it; its timeouts stand still with it. Idempotent. */
  freeze(): void {
    this.#standstill.want(true)
  }

  /** SIGCONT; its timeouts go on where they stood. Idempotent. */
  thaw(): void {
    this.#standstill.want(false)
  }

  /** Forgets the attempt without ending it: it runs on, and a later Fermata adopts it. */
  async detach(): Promise<void> {
    this.#course.over = true
    this.#dispose()
    await this.#standstill.settled()
    // Its checks are made anew by whoever adopts it; until they have ended the data folder is not free.
    this.#left.abort()
    // A stop that has begun comes to its end: what was to be ended must not outlive Fermata unseen.
    await this.#course.stop
    await this.#work
  }

  #running(identity: ProcessIdentity, warning: string | null = null): void {
    this.#course.record = { ...this.record, identity }
    if (this.#course.over) return
    this.#course.phase = 'running'
    // Silence counts from now, for an adopted one too: how much of what went before it slept or stood still is not known.
    this.heard()
    const { sheet, number, jobId, folder } = this.record
    this.#around.report(jobId, { type: 'attempt_started', sheet, attempt: number, warning }, this.record)
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
    if (this.record.frozenAwake === null) this.#deadlines.set(this.record)
    this.#standstill.align()
  }

  async #terminate(outcome: (survivors: readonly ProcessIdentity[]) => AttemptOutcome): Promise<void> {
    const { identity } = this.record
    if (identity === null || this.#course.stop || this.#course.over) return
    this.#dispose()
    this.#course.phase = 'stopping'
    // What is just being frozen must not be stopped in both senses at once.
    this.#course.stop = this.#standstill
      .settled()
      .then(() => this.#endAll())
      .catch(() => [identity])
    const survivors = await this.#course.stop
    this.#end({ outcome: outcome(survivors), usage: await this.#used() })
  }

  /**
   * Its wrapper may be gone and have left others, as may its checks: they must not run beside the next attempt. Gives those that
   * stayed.
   */
  async #endAll(): Promise<readonly ProcessIdentity[]> {
    const { identity, marker, sheet, jobId } = this.record
    const { launcher, clock, onProblem } = this.#around
    const parts = {
      ...{ launcher, clock, signal: this.#left.signal },
      onUnknown: (error: unknown) =>
        onProblem(`What sheet ${sheet} of "${jobId}" left running cannot be seen, Fermata looks again: ${inOneLine(error)}`),
    }
    const checks = await checkMarkers(this.record)
    const left = await Promise.all([endAll(identity, marker, parts), ...checks.map((check) => endAll(null, check, parts))])
    return left.flat()
  }

  async #exited(exit: AttemptExit): Promise<void> {
    this.#dispose()
    if (this.#course.stop || this.#course.over) return
    this.#course.phase = 'checking'
    this.#around.changed(this.record.jobId)
    if (exit.kind === 'lost') {
      const survivors = await this.#endAll()
      const outcome = leaving(failure('E002', 'Its process was killed from outside', true), survivors)
      return this.#end({ outcome, usage: await this.#used() })
    }
    // A cut under way must be over before the output is read.
    await this.#around.capOutput(this.record.folder)
    const signal = AbortSignal.any([this.#aborted.signal, this.#left.signal])
    const ending = await judge(this.#job, this.record, exit.status, this.#around, signal).catch(
      (error: unknown): Ending => ({ outcome: failure('E009', `Its result could not be read: ${inOneLine(error)}`, true) }),
    )
    // What a sheet that is done left running may be its very work, such as a server; what failed is run again, alone.
    const survivors = ending.outcome.kind === 'succeeded' || this.#course.over ? [] : await this.#endAll()
    this.#end({ exitStatus: exit.status, ...ending, outcome: leaving(ending.outcome, survivors) })
  }

  #used(): Promise<Usage | null> {
    return usedUntilNow(this.#job, this.record, this.#around)
  }

  #end({ outcome, usage = null, exitStatus = null }: Ending): void {
    if (this.#course.over) return
    this.#course.over = true
    this.#dispose()
    const { jobId, sheet, number } = this.record
    const error = outcome.kind === 'failed' ? outcome.error : null
    this.#course.record = {
      ...this.record,
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
      this.record,
    )
  }

  #dispose(): void {
    this.#deadlines.clear()
    for (const dispose of this.#disposers.splice(0)) dispose()
  }
}
