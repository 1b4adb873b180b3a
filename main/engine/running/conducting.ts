import type { AttemptRecord, JobRecord } from '../ports.ts'
import type { JobEvent } from '../scheduling/state.ts'

/** The conductor as its own parts know it: how the jobs stand now, and where they tell what happened to one. */
export interface Conducting {
  jobs(): readonly JobRecord[]
  job(jobId: string): JobRecord | undefined
  /** Something happened; it is decided on when what came before it is. `attempt` is stored with the state it leads to. */
  enqueue(jobId: string, event: JobEvent, attempt?: AttemptRecord): void
  /** Decides on all that is queued, unless that is under way already. */
  proceed(): void
  /** Says that something visible of the job changed beside its state. */
  touch(jobId: string): void
  /** Aborted when the conductor is closed. */
  readonly closed: AbortSignal
}
