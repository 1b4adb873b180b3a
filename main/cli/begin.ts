import type { Engine, JobSummary } from '../engine/index.ts'
import { waitForEnd } from './wait-for-end.ts'

export interface Request {
  /** Absolute path. */
  readonly score: string
  /** Absolute path, or null for the score's own. */
  readonly workspace: string | null
  readonly fresh: boolean
  readonly noReload: boolean
  readonly escalate: boolean
  readonly startSheet: number | null
}

export interface Beginning {
  readonly jobId: string
  /** The job was there already. */
  readonly continued: boolean
}

/** Statuses in which a job waits for someone to say "go on". */
const HELD: ReadonlySet<JobSummary['status']> = new Set(['pausing', 'paused', 'interrupted'])
const FINISHED: ReadonlySet<JobSummary['status']> = new Set(['completed', 'failed', 'cancelled'])

/**
 * Goes on with the newest unfinished job of the score, or submits a new one where there is none. `fresh` cancels the
 * unfinished one first.
 * @param say Told in a sentence what was decided, when it is not simply a new job.
 * @throws JobSubmissionError when the score is refused.
 */
export async function begin(engine: Engine, request: Request, say: (sentence: string) => void): Promise<Beginning> {
  const { jobs } = engine
  const { score, workspace, fresh, noReload, escalate, startSheet } = request
  const unfinished = (await jobs.list()).find(
    (job) => job.scorePath === score && !FINISHED.has(job.status) && (workspace === null || job.workspace === workspace),
  )
  if (unfinished && !fresh) {
    say(`Going on with job ${unfinished.id}. --fresh gives it up and starts anew.`)
    if (HELD.has(unfinished.status)) await jobs.resume(unfinished.id, { noReload })
    return { jobId: unfinished.id, continued: true }
  }
  if (unfinished) {
    say(`Giving up the unfinished job ${unfinished.id}.`)
    if (unfinished.can.cancel) await jobs.cancel(unfinished.id)
    await waitForEnd(engine, unfinished.id).ended
  }
  const job = await jobs.submit(score, {
    fresh,
    escalate,
    ...(workspace === null ? {} : { workspace }),
    ...(startSheet === null ? {} : { startSheet }),
  })
  return { jobId: job.id, continued: false }
}
