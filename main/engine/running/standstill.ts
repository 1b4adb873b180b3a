import type { AttemptRecord, Clock, Launcher, ProcessIdentity } from '../ports.ts'
import type { AttemptPhase } from '../views.ts'
import type { Deadlines } from './deadlines.ts'

/** How far an attempt has come; whoever carries on with it changes it. */
export interface AttemptCourse {
  record: AttemptRecord
  phase: AttemptPhase
  /** It has ended, or Fermata has let go of it. */
  over: boolean
  /** Its processes are being ended: those that stay. */
  stop: Promise<readonly ProcessIdentity[]> | null
}

export interface StandstillParts {
  readonly clock: Clock
  readonly launcher: Launcher
  /** Keeps what scheduling need not know: since when it stands still. */
  keep(record: AttemptRecord): void
  /** Something visible changed that scheduling need not know. */
  changed(jobId: string): void
  /** What its user should know and no outcome will say. */
  onProblem(message: string): void
}

/** Freezes and thaws an attempt, one after another; its deadlines stand still with it. */
export class Standstill {
  readonly #course: AttemptCourse
  readonly #deadlines: Deadlines
  readonly #parts: StandstillParts
  #wanted = false
  #signalledAt = 0
  #unwilling: readonly number[] = []
  #underWay: Promise<void> = Promise.resolve()

  constructor(course: AttemptCourse, deadlines: Deadlines, parts: StandstillParts) {
    this.#course = course
    this.#deadlines = deadlines
    this.#parts = parts
  }

  /** Its processes that did not obey the last freeze. */
  get unwilling(): readonly number[] {
    return this.#unwilling
  }

  /** When its processes were last frozen or thawed, in monotonic ms. */
  get signalledAt(): number {
    return this.#signalledAt
  }

  /** It is to stand (true), or to go. Idempotent. */
  want(still: boolean): void {
    this.#wanted = still
    this.align()
  }

  /** Lets its processes stand or go as is wanted now. */
  align(): void {
    this.#underWay = this.#underWay.then(async () => {
      const { record, phase, over, stop } = this.#course
      const { identity, frozenAwake } = record
      if (identity === null || over || stop || (phase !== 'running' && phase !== 'frozen')) return
      if (this.#wanted) await this.#standStill(identity)
      else if (frozenAwake !== null) await this.#goOn(identity, frozenAwake)
    })
  }

  /** Resolves when the freezes and thaws under way are done. */
  settled(): Promise<void> {
    return this.#underWay
  }

  async #standStill(identity: ProcessIdentity): Promise<void> {
    const { launcher, clock, keep, changed, onProblem } = this.#parts
    const course = this.#course
    const { jobId, marker, sheet, frozenAwake } = course.record
    this.#deadlines.clear()
    course.record = { ...course.record, frozenAwake: frozenAwake ?? clock.awake() }
    keep(course.record)
    const { unwilling } = await launcher.freeze(identity, marker).catch(() => ({ unwilling: [identity.pid] }))
    this.#signalledAt = performance.now()
    this.#unwilling = unwilling
    if (unwilling.length === 0 && course.phase === 'running') course.phase = 'frozen'
    if (unwilling.length > 0 && !course.over)
      onProblem(`Sheet ${sheet} of "${jobId}" could not be frozen whole: process ${unwilling.join(', ')} runs on.`)
    changed(jobId)
  }

  async #goOn(identity: ProcessIdentity, frozenAwake: number): Promise<void> {
    const { launcher, clock, keep, changed, onProblem } = this.#parts
    const course = this.#course
    const { jobId, marker, stillMs, sheet } = course.record
    const { unwilling } = await launcher.thaw(identity, marker).catch(() => ({ unwilling: [identity.pid] }))
    if (unwilling.length > 0 && !course.over)
      onProblem(`Sheet ${sheet} of "${jobId}" could not be thawed whole: process ${unwilling.join(', ')} stands.`)
    this.#signalledAt = performance.now()
    course.record = { ...course.record, stillMs: stillMs + clock.awake() - frozenAwake, frozenAwake: null }
    keep(course.record)
    if (course.phase === 'frozen') course.phase = 'running'
    this.#deadlines.heard()
    if (!course.over && !course.stop && course.phase === 'running') this.#deadlines.set(course.record)
    changed(jobId)
  }
}
