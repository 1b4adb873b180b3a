import { type Engine, JobSubmissionError, type JobSummary } from '../engine/index.ts'
import { chainOf } from './chain.ts'
import { findChain } from './find-chain.ts'
import { isUnchanged } from './is-unchanged.ts'
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

type Say = (sentence: string) => void

/** Statuses in which a job waits for someone to say "go on". */
const HELD: ReadonlySet<JobSummary['status']> = new Set(['pausing', 'paused', 'interrupted'])
const FINISHED: ReadonlySet<JobSummary['status']> = new Set(['completed', 'failed', 'cancelled'])

/**
 * Goes on with the newest job of the score and what followed it (Marianne §7.10): with those that are not finished, else with
 * those that failed. One that is completed is left alone while its score has not changed. Otherwise a new job is
 * submitted. `fresh` cancels what is not finished and submits a new one.
 * @param say Told in a sentence what was decided, when it is not simply a new job.
 * @throws JobSubmissionError when the score, or an option that only a new job can have, is refused.
 */
export async function begin(engine: Engine, request: Request, say: Say): Promise<Beginning> {
  const { score, workspace, fresh, escalate, startSheet } = request
  const chain = await findChain(engine, request, (job) => !FINISHED.has(job.status))
  if (fresh) await giveUp(engine, chain, say)
  const [first] = chain
  if (first && !fresh && (await goOn(engine, chain, request, say))) {
    await tryLogins(engine, first.id)
    return { jobId: first.id, continued: true }
  }
  const job = await engine.jobs.submit(score, {
    fresh,
    escalate,
    ...(workspace === null ? {} : { workspace }),
    ...(startSheet === null ? {} : { startSheet }),
  })
  await tryLogins(engine, job.id)
  return { jobId: job.id, continued: false }
}

/** Whoever gives the command has logged in where that was wanted, or wants to see whether it is still. */
async function tryLogins(engine: Engine, jobId: string): Promise<void> {
  for (const { limitWait } of chainOf(await engine.jobs.list(), jobId))
    if (limitWait?.cause === 'login') engine.jobs.retryInstrument(limitWait.instrument)
}

async function giveUp(engine: Engine, chain: readonly JobSummary[], say: Say): Promise<void> {
  for (const job of chain) {
    if (FINISHED.has(job.status)) continue
    say(`Giving up the unfinished job ${job.id}.`)
    if (job.can.cancel) await engine.jobs.cancel(job.id)
    await waitForEnd(engine, job.id).ended
  }
}

/** Whether nothing has to be submitted. */
async function goOn(engine: Engine, chain: readonly JobSummary[], request: Request, say: Say): Promise<boolean> {
  const [first] = chain
  const unfinished = chain.filter(({ status }) => !FINISHED.has(status))
  const failed = chain.filter(({ status }) => status === 'failed')
  if (unfinished.length > 0) {
    for (const job of unfinished) {
      refuseNewJobsOptions(job, request)
      if (HELD.has(job.status)) await engine.jobs.resume(job.id, { noReload: request.noReload })
      else if (!(await isUnchanged({ scorePath: job.scorePath, completedAt: job.createdAt })))
        say(`The score has changed since job ${job.id} was begun; it is read anew when the job is paused and resumed.`)
      say(`Going on with job ${job.id}. --fresh gives it up and starts anew.`)
    }
    return true
  }
  if (failed.length > 0) return resumeFailed(engine, failed, request, say)
  if (!chain.every(({ status }) => status === 'completed')) return false
  for (const job of chain) if (!(await isUnchanged(job))) return false
  if (first) say(`Job ${first.id} is completed already, and its score has not changed since. --fresh plays it again.`)
  return true
}

/** Whether any goes on. None does when the score has other sheets now; then all of them are to be played. */
async function resumeFailed(engine: Engine, failed: readonly JobSummary[], request: Request, say: Say): Promise<boolean> {
  let resumed = false
  for (const job of failed) {
    refuseNewJobsOptions(job, request)
    try {
      await engine.jobs.resume(job.id, { noReload: request.noReload })
    } catch (error) {
      if (!(error instanceof JobSubmissionError) || error.code !== 'SHEETS_CHANGED') throw error
      say(`Job ${job.id} failed and cannot go on. ${error.message}${resumed ? '' : ' The score is played anew.'}`)
      if (resumed) continue
      return false
    }
    resumed = true
    say(`Going on with job ${job.id}, which failed: its finished sheets stay. --fresh plays them again.`)
  }
  return resumed
}

/** @throws JobSubmissionError when the command has options that the job cannot be given any more */
function refuseNewJobsOptions(job: JobSummary, { startSheet, escalate }: Request): void {
  const given = [startSheet !== null && '--start-sheet', escalate && '--escalation'].filter((option) => option !== false)
  if (given.length === 0) return
  throw new JobSubmissionError(
    'OPTION_FOR_NEW_JOB',
    `${given.join(' and ')} can only be given to a new job, but job ${job.id} (${job.status}) would go on.`,
    { remedy: 'Add --fresh to give that job up and start anew, or leave the option out.' },
  )
}
