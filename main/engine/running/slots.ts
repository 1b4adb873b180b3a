import type { LimitCoordinator } from '../limits/coordinator.ts'
import type { Clock, JobRecord } from '../ports.ts'
import { type DispatchPlan, dispatch } from '../scheduling/dispatch.ts'
import type { JobState } from '../scheduling/state.ts'
import { isTerminalJob } from '../scheduling/statuses.ts'
import type { Alarms } from './alarms.ts'
import type { Conducting } from './conducting.ts'
import type { Gatekeeper } from './gatekeeper.ts'
import type { Looks } from './looks.ts'
import { newAttempt } from './new-attempt.ts'
import { pauseFileExists } from './pause-file.ts'

export interface SlotsParts {
  readonly dataDir: string
  readonly clock: Clock
  readonly limits: LimitCoordinator
  readonly gatekeeper: Gatekeeper
  readonly conducting: Conducting
  readonly looks: Looks
  readonly alarms: Alarms
}

/** Gives the slots that are free to the sheets that are ready, over all jobs. */
export class Slots {
  readonly #parts: SlotsParts
  #blocked: ReadonlyMap<string, string> = new Map()

  constructor(parts: SlotsParts) {
    this.#parts = parts
  }

  /** Why nothing more of the job starts, as of the last time slots were given; undefined when nothing holds it up. */
  blocked(jobId: string): string | undefined {
    return this.#blocked.get(jobId)
  }

  /** @param stuck jobs that cannot be saved: they start nothing; what they run still takes its slots */
  grant(stuck: ReadonlySet<string>): void {
    const { clock, limits, looks, alarms, conducting } = this.#parts
    const now = clock.now()
    const states = conducting.jobs().flatMap(({ state }): JobState[] => {
      if (isTerminalJob(state.status)) return []
      return [stuck.has(state.id) ? { ...state, intent: 'pause' } : state]
    })
    const plan = dispatch(states, limits.at(now), looks.keys(), now)
    this.#tellBlocked(plan)
    alarms.setDispatch(plan.wakeAt)
    for (const jobId of plan.thaws) conducting.enqueue(jobId, { type: 'thaw_granted' })
    for (const { jobId, sheet, reason } of plan.switches) conducting.enqueue(jobId, { type: 'switch', sheet, reason })
    for (const { jobId, sheet } of plan.grants) this.#grant(jobId, sheet)
  }

  /** The sheet's next attempt may begin. */
  give(job: JobRecord, sheet: number): void {
    const { dataDir, clock, conducting } = this.#parts
    conducting.enqueue(job.state.id, { type: 'slot_granted', sheet }, newAttempt(job, sheet, dataDir, clock))
  }

  #grant(jobId: string, sheet: number): void {
    const { conducting, gatekeeper } = this.#parts
    const job = conducting.job(jobId)
    if (!job) return
    if (pauseFileExists(job.score.workspace, jobId)) {
      conducting.enqueue(jobId, { type: 'pause', by: 'signal_file' })
      return
    }
    if (job.state.looking.includes(sheet)) return
    if (gatekeeper.needsLook(job, sheet)) conducting.enqueue(jobId, { type: 'look_begun', sheet })
    else this.give(job, sheet)
  }

  #tellBlocked({ blocked }: DispatchPlan): void {
    const changed = [...blocked].filter(([jobId, reason]) => this.#blocked.get(jobId) !== reason)
    this.#blocked = blocked
    for (const [jobId] of changed) this.#parts.conducting.touch(jobId)
  }
}
