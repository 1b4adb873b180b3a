import { type Engine, JobSubmissionError, type JobSummary } from '../engine/index.ts'
import { chainOf } from './chain.ts'

/**
 * The newest job of a score in its workspace with all that follow it, or nothing. An unfinished job is preferred, wherever it
 * works unless a workspace was named.
 */
export async function findChain(
  engine: Engine,
  { score, workspace }: { readonly score: string; readonly workspace: string | null },
  isUnfinished: (job: JobSummary) => boolean,
): Promise<readonly JobSummary[]> {
  const jobs = await engine.jobs.list()
  const own = jobs.filter((job) => job.scorePath === score && (workspace === null || job.workspace === workspace))
  const unfinished = own.find(isUnfinished)
  if (unfinished) return chainOf(jobs, unfinished.id)
  const place = workspace ?? (own.length === 0 ? null : await ownWorkspace(engine, score))
  const newest = own.find((job) => place === null || job.workspace === place)
  return newest ? chainOf(jobs, newest.id) : []
}

/** Null where the score cannot be read: whoever plays it next is told why. */
async function ownWorkspace(engine: Engine, score: string): Promise<string | null> {
  try {
    const { values } = await engine.jobs.effectiveConfig(score)
    const value = values.find(({ path }) => path === 'workspace')?.value
    return typeof value === 'string' ? value : null
  } catch (error) {
    if (error instanceof JobSubmissionError) return null
    throw error
  }
}
