import { join, resolve } from 'node:path'
import { JobNotFoundError, JobSubmissionError } from './errors.ts'
import type { Catalogue } from './instruments/catalogue.ts'
import type { Clock, JobRecord, JobStore } from './ports.ts'
import type { LogReader } from './processes/log-window.ts'
import type { Conductor } from './running/conductor.ts'
import { loadScore, newJobId, prepareWorkspace } from './running/submission.ts'
import { isLegal, refusal } from './scheduling/legal.ts'
import { newJob, policyOf } from './scheduling/new-job.ts'
import type { JobCommand, JobEvent } from './scheduling/state.ts'
import { isTerminalJob } from './scheduling/statuses.ts'
import { planScore } from './score/plan.ts'
import { detail, type Surroundings, summarize } from './summary.ts'
import type { JobDetail, JobSummary, LogWindow } from './views.ts'

export interface SubmitOptions {
  /** Instead of the score's own workspace. */
  readonly workspace?: string
}

/**
 * Everything a user interface can do with jobs (Marianne: JobService), independent of any of them.
 * Every command answers with the job as it is then; commands that make no sense in its status are refused with a sentence.
 */
export interface JobService {
  /**
   * Accepts a score file as a new job and starts it when there is a slot.
   * @throws ScoreError with every finding; JobSubmissionError when it cannot be read, its instrument is unknown,
   *   its workspace is not usable, or the same score already runs there
   */
  submit(scorePath: string, options?: SubmitOptions): Promise<JobSummary>
  /** Lets the sheets in flight finish and starts no more. @throws JobSubmissionError naming the status. */
  pause(jobId: string): Promise<JobSummary>
  /** Goes on at the first unfinished sheet; a finished sheet never runs again. @throws JobSubmissionError naming the status. */
  resume(jobId: string): Promise<JobSummary>
  /** Ends the processes now. The job is cancelled once they are gone. @throws JobSubmissionError naming the status. */
  cancel(jobId: string): Promise<JobSummary>
  /** @throws JobNotFoundError */
  status(jobId: string): Promise<JobDetail>
  /** Newest first. */
  list(): Promise<readonly JobSummary[]>
  /**
   * Lines of an attempt's output. `attempt` 0 is the newest; `from` counts from 1, negative from the end.
   * @throws JobNotFoundError
   */
  logWindow(
    jobId: string,
    sheet: number,
    attempt: number,
    stream: 'stdout' | 'stderr',
    from: number,
    count: number,
  ): Promise<LogWindow & { readonly attempt: number }>
}

export interface JobServiceParts {
  readonly conductor: Conductor
  readonly store: JobStore
  readonly catalogue: Catalogue
  readonly clock: Clock
  readonly logs: LogReader
  lastOutputAt(folder: string): number | null
}

export function createJobService({ conductor, store, catalogue, clock, logs, lastOutputAt }: JobServiceParts): JobService {
  const find = (jobId: string): JobRecord => {
    const job = conductor.job(jobId)
    if (!job) throw new JobNotFoundError(jobId)
    return job
  }
  const around = (job: JobRecord): Surroundings => ({
    reason: conductor.reason(job.state),
    running: conductor.attempts().filter(({ record }) => record.jobId === job.state.id),
    lastOutputAt,
  })
  const summary = (jobId: string): JobSummary => {
    const job = find(jobId)
    return summarize(job, around(job))
  }

  async function command(jobId: string, name: JobCommand, event: JobEvent): Promise<JobSummary> {
    const { state } = find(jobId)
    if (!isLegal(state, name)) throw new JobSubmissionError('ILLEGAL_IN_STATUS', refusal(state, name))
    conductor.apply(jobId, event)
    return summary(jobId)
  }

  function refuseTwin(scorePath: string, workspace: string): void {
    const twin = conductor
      .jobs()
      .find(
        ({ state, ...job }) => job.scorePath === scorePath && job.score.workspace === workspace && !isTerminalJob(state.status),
      )
    if (!twin) return
    throw new JobSubmissionError(
      'JOB_ACTIVE',
      `"${twin.score.name}" is not finished yet (${twin.state.status}): two jobs in one workspace would overwrite each other.`,
      {
        remedy: 'Resume or cancel that job first.',
      },
    )
  }

  return {
    async submit(path, options = {}) {
      const scorePath = resolve(path)
      const score = await loadScore(scorePath, options.workspace)
      catalogue.get(score.instrument)
      await prepareWorkspace(score.workspace)
      refuseTwin(scorePath, score.workspace)
      const id = newJobId(scorePath, (taken) => conductor.job(taken) !== undefined)
      conductor.add({ state: newJob(id, planScore(score), policyOf(score.retry), clock.now()), score, scorePath })
      return summary(id)
    },
    pause: (jobId) => command(jobId, 'pause', { type: 'pause', by: 'user' }),
    async resume(jobId) {
      const { score, scorePath, state } = find(jobId)
      if (isLegal(state, 'resume')) {
        catalogue.get(score.instrument)
        await prepareWorkspace(score.workspace)
        if (isTerminalJob(find(jobId).state.status)) refuseTwin(scorePath, score.workspace)
      }
      return command(jobId, 'resume', { type: 'resume' })
    },
    cancel: (jobId) => command(jobId, 'cancel', { type: 'cancel' }),
    async status(jobId) {
      const job = find(jobId)
      return detail(job, around(job))
    },
    list: async () =>
      conductor
        .jobs()
        .map((job) => summary(job.state.id))
        .sort((a, b) => b.createdAt - a.createdAt),
    async logWindow(jobId, sheet, attempt, stream, from, count) {
      find(jobId)
      const attempts = store.attempts(jobId, sheet)
      const chosen = attempt === 0 ? attempts.at(-1) : attempts.find(({ number }) => number === attempt)
      if (!chosen) return { attempt: 0, from: 1, lines: [], totalLines: 0, sizeBytes: 0 }
      return { attempt: chosen.number, ...(await logs.window(join(chosen.folder, stream), from, count)) }
    },
  }
}
