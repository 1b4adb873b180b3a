import type { JobSummary } from '../../../preload/contract.ts'

export interface JobGroup {
  readonly title: 'Active' | 'Queued' | 'Finished'
  readonly jobs: readonly JobSummary[]
}

/** Finished jobs drawn before someone asks for more. */
const NEWEST_FINISHED = 100

const FINISHED = new Set<JobSummary['status']>(['completed', 'failed', 'cancelled'])

/** Groups that hold a job, in the list's order: newest first, the queue in the order it will run. A changed status never shuffles a group. */
export function groupJobs(jobs: Iterable<JobSummary>): readonly JobGroup[] {
  const active: JobSummary[] = []
  const queued: JobSummary[] = []
  const finished: JobSummary[] = []
  for (const job of jobs) (FINISHED.has(job.status) ? finished : job.status === 'queued' ? queued : active).push(job)
  active.sort((a, b) => b.createdAt - a.createdAt)
  queued.sort((a, b) => a.createdAt - b.createdAt)
  finished.sort((a, b) => (b.completedAt ?? b.createdAt) - (a.completedAt ?? a.createdAt))
  const groups: readonly JobGroup[] = [
    { title: 'Active', jobs: active },
    { title: 'Queued', jobs: queued },
    { title: 'Finished', jobs: finished },
  ]
  return groups.filter((group) => group.jobs.length > 0)
}

/** The part of a group that is drawn. */
export function shownOf(group: JobGroup, showOlder: boolean): readonly JobSummary[] {
  return group.title === 'Finished' && !showOlder ? group.jobs.slice(0, NEWEST_FINISHED) : group.jobs
}

/** The id `step` rows away from `selected` in the drawn list; the first row when nothing is selected, null in an empty list. */
export function neighbour(groups: readonly JobGroup[], showOlder: boolean, selected: string | null, step: number): string | null {
  const ids = groups.flatMap((group) => shownOf(group, showOlder)).map((job) => job.id)
  const at = selected === null ? -1 : ids.indexOf(selected)
  const next = at === -1 ? 0 : Math.min(ids.length - 1, Math.max(0, at + step))
  return ids[next] ?? null
}
