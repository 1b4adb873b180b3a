import type { JobState } from './state.ts'
import { isInFlight } from './statuses.ts'

export interface Grant {
  readonly jobId: string
  readonly sheet: number
}

/** Which ready sheets may start now, and why the others may not. */
export interface DispatchPlan {
  readonly grants: readonly Grant[]
  /** Plain words per job that has a ready sheet and got no slot. */
  readonly blocked: ReadonlyMap<string, string>
}

/**
 * Looks across all jobs, oldest first. A sheet that waits for a time holds no slot.
 *
 * @param maxConcurrentSheets sheets that may be in flight at once, over all jobs
 */
export function dispatch(jobs: readonly JobState[], maxConcurrentSheets: number): DispatchPlan {
  const inFlight = jobs.reduce((count, job) => count + job.sheets.filter(isInFlight).length, 0)
  const ready = jobs
    .filter(({ intent }) => intent === 'run')
    .toSorted((a, b) => a.createdAt - b.createdAt || a.id.localeCompare(b.id))
    .flatMap((job) =>
      job.sheets.filter(({ status }) => status === 'ready').map(({ number }) => ({ jobId: job.id, sheet: number })),
    )
  const free = Math.max(0, maxConcurrentSheets - inFlight)
  const waiting = ready.slice(free)
  const blocked = new Map(
    waiting.map(({ jobId }, place) => [
      jobId,
      `Not running: ${maxConcurrentSheets} of ${maxConcurrentSheets} sheet slots are taken; ${place === 0 ? 'next in line' : `${place} before it`}`,
    ]),
  )
  return { grants: ready.slice(0, free), blocked }
}
