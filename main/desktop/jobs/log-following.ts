import type { EventPayload } from '../../../preload/contract.ts'
import type { Disposer, JobService } from '../../engine/index.ts'

type LogRef = EventPayload<'logs.grew'>

export interface LogFollowing {
  /** From now on the window is told when this log grows, and no other; null ends it. */
  follow(log: LogRef | null): void
}

/** One log at a time is followed: the one on the page. */
export function createLogFollowing(jobs: Pick<JobService, 'followLog'>, grew: (log: LogRef) => void): LogFollowing {
  let stop: Disposer | null = null
  return {
    follow(log) {
      stop?.()
      stop = log && jobs.followLog(log.jobId, log.sheet, log.attempt, log.stream, () => grew(log))
    },
  }
}
