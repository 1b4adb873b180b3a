import type { CallOutput, EventPayload, JobSummary } from '../../preload/contract.ts'

/** What the window knows of all jobs: one snapshot, kept up to date by numbered batches. */
export interface Projection {
  readonly sequence: number
  readonly jobs: ReadonlyMap<string, JobSummary>
}

export const EMPTY: Projection = { sequence: -1, jobs: new Map() }

/** A fresh start. Jobs that did not change keep their identity, so that their rows are not drawn again. */
export function fromSnapshot(snapshot: CallOutput<'jobs.snapshot'>): Projection {
  return { sequence: snapshot.sequence, jobs: new Map(snapshot.jobs.map((job) => [job.id, job])) }
}

/**
 * Takes in a batch. Batches already known change nothing.
 * @returns the projection after it, or `'gap'` when a batch between is missing and only a new snapshot helps.
 */
export function applyBatch(projection: Projection, batch: EventPayload<'jobs.changed'>): Projection | 'gap' {
  if (batch.sequence <= projection.sequence) return projection
  if (batch.sequence > projection.sequence + 1) return 'gap'
  return takeIn(projection, batch)
}

/** Takes in a batch without asking for those before it: right after a snapshot, when a batch overtook it. */
export function takeIn(projection: Projection, batch: EventPayload<'jobs.changed'>): Projection {
  if (batch.sequence <= projection.sequence) return projection
  const jobs = new Map(projection.jobs)
  for (const job of batch.jobs) {
    // Equal versions pass: signs of life change without a new version, and batches come in order.
    if (job.version >= (jobs.get(job.id)?.version ?? -1)) jobs.set(job.id, job)
  }
  for (const id of batch.removed) jobs.delete(id)
  return { sequence: batch.sequence, jobs }
}

/** Takes in the answer of a command, which may come before or after the batch that tells the same. */
export function mergeJob(projection: Projection, job: JobSummary): Projection {
  if (job.version <= (projection.jobs.get(job.id)?.version ?? -1)) return projection
  return { ...projection, jobs: new Map(projection.jobs).set(job.id, job) }
}
