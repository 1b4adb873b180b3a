import type { EventPayload } from '../../../preload/contract.ts'
import type { Disposer, EngineEvent, JobSummary } from '../../engine/index.ts'
import { createThrottle } from '../shared/throttle.ts'

export interface JobFeedParts {
  readonly events: { on(listener: (event: EngineEvent) => void): Disposer }
  readonly list: () => Promise<readonly JobSummary[]>
  /** Hands a batch to the window; false when there is none that listens. */
  readonly publish: (batch: EventPayload<'jobs.changed'>) => boolean
}

export interface JobFeed {
  /** Everything at once, with the number of the last batch it includes. */
  snapshot(): Promise<{ readonly sequence: number; readonly jobs: readonly JobSummary[] }>
  readonly dispose: Disposer
}

/** Ten batches a second are enough for an eye. */
const INTERVAL_MS = 100

/** A command, what comes of it a moment later, and a sign of life before them: none of these may wait for an interval. */
const AT_ONCE = 3

/**
 * Collects what changed and hands it on in numbered batches: at once after a quiet time, ten a second when much changes.
 * A number that nobody got is not used: a gap means a loss.
 */
export function createJobFeed({ events, list, publish }: JobFeedParts): JobFeed {
  let sequence = 0
  let dirty = new Set<string>()
  const tell = async () => {
    const changed = dirty
    dirty = new Set()
    const jobs = (await list()).filter(({ id }) => changed.has(id))
    const removed = [...changed].filter((id) => !jobs.some((job) => job.id === id))
    if (publish({ sequence: sequence + 1, jobs, removed })) sequence += 1
  }
  const throttle = createThrottle(INTERVAL_MS, tell, AT_ONCE)
  const unsubscribe = events.on(({ jobId }) => {
    dirty.add(jobId)
    throttle.request()
  })
  return {
    async snapshot() {
      // Before the jobs are read: a batch that comes in between is told again rather than not at all.
      const included = sequence
      return { sequence: included, jobs: await list() }
    },
    dispose() {
      unsubscribe()
      throttle.dispose()
    },
  }
}
