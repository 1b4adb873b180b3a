import { existsSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Diagnostic, JobNotFoundError, JobSubmissionError } from './errors.ts'
import type { Catalogue } from './instruments/catalogue.ts'
import { checkInstrument, type InstrumentCheck } from './instruments/check.ts'
import type { LimitCoordinator } from './limits/coordinator.ts'
import type { Clock, JobRecord, JobStore } from './ports.ts'
import type { LogReader } from './processes/log-window.ts'
import type { ResumeOptions, SubmitOptions } from './requests.ts'
import type { Conductor } from './running/conductor.ts'
import { type DryRun, dryRun } from './running/dry-run.ts'
import { reconcile } from './running/reconcile.ts'
import { remarksFor } from './running/remarks.ts'
import { rescuedFrom } from './running/rescue.ts'
import { followingJobId, type LoadedScore, loadScore, newJobId, prepareWorkspace } from './running/submission.ts'
import { archiveWorkspace } from './running/workspace/archive.ts'
import { stationAt } from './scheduling/graph.ts'
import { isLegal, refusal } from './scheduling/legal.ts'
import { newJob, policyOf } from './scheduling/new-job.ts'
import type { FermataDecision, JobCommand, JobEvent, JobStatus } from './scheduling/state.ts'
import { isTerminalJob } from './scheduling/statuses.ts'
import { type EffectiveConfig, effectiveConfig, readDocument } from './score/effective.ts'
import { planScore } from './score/plan.ts'
import type { Score } from './score/score.ts'
import { detail, type Surroundings, summarize } from './summary.ts'
import type { JobDetail, JobSummary, LogWindow } from './views.ts'

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
  /**
   * What a score would do, without doing it.
   * @throws ScoreError with every finding; JobSubmissionError when it cannot be read
   */
  dryRun(scorePath: string, options?: Pick<SubmitOptions, 'workspace'>): Promise<DryRun>
  /**
   * Every value that would hold for a score, and where each came from.
   * @throws ScoreError with every finding; JobSubmissionError when it cannot be read
   */
  effectiveConfig(scorePath: string, options?: Pick<SubmitOptions, 'workspace'>): Promise<EffectiveConfig>
  /** Which instruments there are, and whether each is installed, in which version, and logged in where that can be asked. */
  checkInstruments(): Promise<readonly InstrumentReport[]>
  /** Lets the sheets in flight finish and starts no more. @throws JobSubmissionError naming the status. */
  pause(jobId: string): Promise<JobSummary>
  /**
   * Goes on at the first unfinished sheet; a finished sheet never runs again. The score is read anew, unless told otherwise
   * (Marianne §2.5: a named file, else the job's own, else what was kept of it).
   * @throws JobSubmissionError naming the status, or why the changed score cannot take the old one's place
   */
  resume(jobId: string, options?: ResumeOptions): Promise<JobSummary>
  /** Ends the processes now. The job is cancelled once they are gone. @throws JobSubmissionError naming the status. */
  cancel(jobId: string): Promise<JobSummary>
  /** Decides on a sheet that waits for a person. @throws JobSubmissionError when it does not. */
  decide(jobId: string, sheet: number, decision: FermataDecision): Promise<JobSummary>
  /** Lets an instrument be used before its rate limit ends; how many limits were forgotten. */
  clearRateLimits(instrument: string): number
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

/** What is known of an instrument on this computer. */
export type InstrumentReport = { readonly name: string; readonly displayName: string } & InstrumentCheck

export interface JobServiceParts {
  readonly conductor: Conductor
  readonly store: JobStore
  readonly catalogue: Catalogue
  readonly clock: Clock
  readonly logs: LogReader
  readonly limits: LimitCoordinator
  readonly environment: NodeJS.ProcessEnv
  /** Absolute path. */
  readonly dataDir: string
  lastOutputAt(folder: string): number | null
}

export function createJobService(parts: JobServiceParts): JobService {
  const { conductor, store, catalogue, clock, logs, limits, environment, dataDir, lastOutputAt } = parts
  const find = (jobId: string): JobRecord => {
    const job = conductor.job(jobId)
    if (!job) throw new JobNotFoundError(jobId)
    return job
  }
  const around = (job: JobRecord): Surroundings => ({
    reason: conductor.reason(job.state),
    sheetReasons: () => conductor.sheetReasons(job.state),
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

  function refuseTwin(scorePath: string, workspace: string, except?: string): void {
    const twin = conductor
      .jobs()
      .find(
        ({ state, ...job }) =>
          state.id !== except &&
          isSameFile(job.scorePath, scorePath) &&
          job.score.workspace === workspace &&
          !isTerminalJob(state.status),
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

  /** Archiving moves files away from under whoever works there. */
  function refuseGuests(workspace: string, except?: string): void {
    const guest = conductor
      .jobs()
      .find(({ state, score }) => state.id !== except && score.workspace === workspace && !isTerminalJob(state.status))
    if (!guest) return
    const message = `"${guest.score.name}" works in ${workspace}: a fresh run would archive its files.`
    throw new JobSubmissionError('WORKSPACE_IN_USE', message, {
      remedy: 'Let it finish or cancel it first, or choose another workspace.',
    })
  }

  /** Every instrument a score may need. A first choice has to be there; a fallback that is missing is passed over. */
  function requireInstruments(score: Score): void {
    for (const name of new Set(planScore(score).sheets.map(({ choices }) => choices[0].instrument))) catalogue.get(name)
  }

  /** The score of the job read anew, where that is wanted and possible; null where it stays as it is. */
  async function reread(
    { state: { status }, scorePath: known }: JobRecord,
    { scorePath, noReload = false }: ResumeOptions,
  ): Promise<(LoadedScore & { readonly path: string }) | null> {
    const path = scorePath === undefined ? known : resolve(scorePath)
    if (noReload || isUnderWay(status) || (scorePath === undefined && !existsSync(path))) return null
    return { ...(await loadScore(path)), path }
  }

  function replaceScore(job: JobRecord, loaded: LoadedScore & { readonly path: string }): void {
    const changed = reconcile(job, { ...loaded, notes: [...loaded.notes, ...remarksFor(loaded, loaded.path, catalogue)] })
    if (!changed) return
    requireInstruments(changed.job.score)
    conductor.replace({ ...changed.job, scorePath: loaded.path })
  }

  return {
    async submit(path, options = {}) {
      const scorePath = resolve(path)
      const { after } = options
      const following = after && followingJobId(scorePath, after)
      if (following && conductor.job(following)) return summary(following)
      const loaded = await loadScore(scorePath, options.workspace)
      const { score } = loaded
      requireInstruments(score)
      const kept = options.fresh
        ? null
        : rescuedFrom(score.workspace, scorePath, dataDir, (id) => conductor.job(id) !== undefined)
      if (kept) {
        conductor.add(kept)
        return command(kept.state.id, 'resume', { type: 'resume' })
      }
      const plan = planScore(score)
      const { startSheet = 1 } = options
      if (!Number.isInteger(startSheet) || startSheet < 1 || startSheet > plan.sheets.length) {
        throw new JobSubmissionError('START_SHEET', `There is no sheet ${startSheet}: the score has ${plan.sheets.length}.`)
      }
      refuseTwin(scorePath, score.workspace, after?.jobId)
      if (options.fresh && score.workspace_lifecycle.archive_on_fresh) refuseGuests(score.workspace, after?.jobId)
      await prepareWorkspace(score.workspace)
      const archived = await archiveIfFresh(scorePath, score, options, clock.now())
      // Another one may have been accepted meanwhile.
      refuseTwin(scorePath, score.workspace, after?.jobId)
      const id = following ?? newJobId(scorePath, (taken) => conductor.job(taken) !== undefined)
      const state = newJob(id, plan, policyOf(score, options), clock.now(), options)
      const { chainDepth = 0 } = options
      conductor.add({
        state,
        score,
        plan,
        notes: [...loaded.notes, ...remarksFor(loaded, scorePath, catalogue), ...archived],
        scorePath,
        chainDepth,
        follows: after?.jobId ?? null,
      })
      return summary(id)
    },
    async dryRun(path, { workspace } = {}) {
      return dryRun(resolve(path), await loadScore(resolve(path), workspace), catalogue)
    },
    async effectiveConfig(path, { workspace } = {}) {
      const { score, text } = await loadScore(resolve(path), workspace)
      return effectiveConfig(score, readDocument(text), { workspace: workspace !== undefined })
    },
    checkInstruments: () =>
      Promise.all(
        catalogue.list().map(async (profile) => ({
          name: profile.name,
          displayName: profile.display_name ?? profile.name,
          ...(await checkInstrument(profile, environment)),
        })),
      ),
    pause: (jobId) => command(jobId, 'pause', { type: 'pause', by: 'user' }),
    async resume(jobId, options = {}) {
      const asked = find(jobId)
      if (isLegal(asked.state, 'resume')) {
        const loaded = await reread(asked, options)
        await prepareWorkspace(asked.score.workspace)
        // From here on nothing happens in between; what happened until here must not be undone by a state from before.
        const job = find(jobId)
        if (job.state.intent !== asked.state.intent) throw overtaken(job)
        if (loaded && isLegal(job.state, 'resume') && !isUnderWay(job.state.status)) replaceScore(job, loaded)
        const { score, scorePath, state } = find(jobId)
        requireInstruments(score)
        if (isTerminalJob(state.status)) refuseTwin(scorePath, score.workspace)
        // "Now" means now, whatever the instrument said.
        if (state.status === 'waiting')
          for (const sheet of state.sheets) if (sheet.status === 'waiting') limits.clear(stationAt(state, sheet).instrument)
      }
      return command(jobId, 'resume', { type: 'resume' })
    },
    cancel: (jobId) => command(jobId, 'cancel', { type: 'cancel' }),
    async decide(jobId, sheet, decision) {
      const { state } = find(jobId)
      if (!DECISIONS.includes(decision)) throw new JobSubmissionError('DECISION', `A decision is one of ${DECISIONS.join(', ')}.`)
      const status = state.sheets[sheet - 1]?.status
      if (status !== 'fermata') {
        const why = status === undefined ? 'the job has no such sheet' : `it is ${status}`
        throw new JobSubmissionError('ILLEGAL_IN_STATUS', `Sheet ${sheet} does not wait for a decision: ${why}.`)
      }
      conductor.apply(jobId, { type: 'decision', sheet, decision })
      return summary(jobId)
    },
    clearRateLimits(instrument) {
      const cleared = limits.clear(instrument)
      // Those that met the limit themselves wait for a time; the others look again.
      for (const { state } of conductor.jobs())
        for (const sheet of state.sheets)
          if (sheet.status === 'waiting' && stationAt(state, sheet).instrument === instrument)
            conductor.apply(state.id, { type: 'limit_cleared', sheet: sheet.number })
      if (cleared > 0) conductor.look()
      return cleared
    },
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

/** It goes on without a break: its sheets keep the score they are played by. */
const isUnderWay = (status: JobStatus): boolean => status === 'pausing'

const overtaken = ({ state: { status } }: JobRecord): JobSubmissionError =>
  new JobSubmissionError('ILLEGAL_IN_STATUS', `Something else was asked of this job meanwhile: it is ${status} now.`)

const DECISIONS: readonly FermataDecision[] = ['accept', 'retry', 'skip', 'fail']

/** One file may have several paths. */
function isSameFile(a: string, b: string): boolean {
  if (a === b) return true
  try {
    return realpathSync(a) === realpathSync(b)
  } catch {
    return false
  }
}

/** A failing archive keeps nobody from a fresh run; its user is told (Marianne §2.1). */
async function archiveIfFresh(
  scorePath: string,
  score: Score,
  { fresh = false }: SubmitOptions,
  now: number,
): Promise<readonly Diagnostic[]> {
  if (!fresh) return []
  const { template_file } = score.prompt
  try {
    const keep = template_file === null ? [scorePath] : [scorePath, template_file]
    await archiveWorkspace(score.workspace, score.workspace_lifecycle, now, keep)
    return []
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const message = `What the last run left in ${score.workspace} could not be archived: ${why}.`
    return [{ code: 'ARCHIVE', severity: 'warning', message, remedy: null, line: 1, column: 1 }]
  }
}
