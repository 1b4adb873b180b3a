import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { JobSubmissionError } from '../errors.ts'
import type { JobService } from '../job-service.ts'
import type { JobRecord } from '../ports.ts'
import type { ResumeOptions } from '../requests.ts'
import type { Attempt } from '../running/attempt.ts'
import { reconcile } from '../running/reconcile.ts'
import { remarksFor } from '../running/remarks.ts'
import { type LoadedScore, loadScore, prepareWorkspace } from '../running/submission.ts'
import { isGranted, isLegal, refusal } from '../scheduling/legal.ts'
import type { JobCommand, JobEvent, JobState } from '../scheduling/state.ts'
import { isTerminalJob } from '../scheduling/statuses.ts'
import { maxRunMs } from '../settings/settings.ts'
import type { JobSummary } from '../views.ts'
import { refuseSpent, refuseSpentDay } from './budgets.ts'
import type { Desk } from './desk.ts'
import { goOnNow } from './limits.ts'
import { refuseTwin, requireInstruments } from './neighbours.ts'
import type { ServiceParts } from './parts.ts'
import { createSurvivors } from './survivors.ts'

type Control = Pick<JobService, 'pause' | 'resume' | 'cancel' | 'freeze' | 'thaw' | 'endSurvivors'>

/** The commands for whole jobs. */
export function createControl(parts: ServiceParts, desk: Desk): Control {
  const { conductor, catalogue, launcher, settings } = parts
  const survivors = createSurvivors(parts, desk)

  async function command(jobId: string, name: JobCommand, event: JobEvent): Promise<JobSummary> {
    const { state } = desk.find(jobId)
    if (!isLegal(state, name) && isGranted(state, name)) return desk.summary(jobId)
    if (!isLegal(state, name)) throw new JobSubmissionError('ILLEGAL_IN_STATUS', refusal(state, name))
    conductor.apply(jobId, event)
    return desk.summary(jobId)
  }

  /** The score of the job read anew, where that is wanted and possible; null where it stays as it is. */
  async function reread(
    { state, scorePath: known }: JobRecord,
    { scorePath, noReload = false }: ResumeOptions,
  ): Promise<(LoadedScore & { readonly path: string }) | null> {
    const path = scorePath === undefined ? known : resolve(scorePath)
    if (scorePath !== undefined && isUnderWay(state))
      throw new JobSubmissionError(
        'UNDER_WAY',
        'Its sheets are in flight: another score can take its place when they are done.',
        {
          remedy: 'Pause the job, and resume it with the other score when it is paused.',
        },
      )
    if (noReload || isUnderWay(state) || (scorePath === undefined && !existsSync(path))) return null
    return { ...(await loadScore(path)), path }
  }

  function replaceScore(job: JobRecord, loaded: LoadedScore & { readonly path: string }): void {
    const notes = [...loaded.notes, ...remarksFor(loaded, loaded.path, catalogue)]
    const changed = reconcile(job, { ...loaded, notes }, maxRunMs(settings.current()))
    if (!changed) return
    requireInstruments(catalogue, changed.job.score)
    conductor.replace({ ...changed.job, scorePath: loaded.path })
  }

  return {
    pause: (jobId) => command(jobId, 'pause', { type: 'pause', by: 'user' }),
    async resume(jobId, options = {}) {
      const asked = desk.find(jobId)
      if (isLegal(asked.state, 'resume')) {
        const loaded = await reread(asked, options)
        await prepareWorkspace(asked.score.workspace)
        await survivors.refuse(jobId)
        // From here on nothing happens in between; what happened until here must not be undone by a state from before.
        const job = desk.find(jobId)
        if (job.state.intent !== asked.state.intent) throw overtaken(job)
        if (loaded && isLegal(job.state, 'resume') && !isUnderWay(job.state)) replaceScore(job, loaded)
        const { score, scorePath, state } = desk.find(jobId)
        requireInstruments(catalogue, score)
        parts.metering.tellAll(jobId)
        refuseSpent(desk.find(jobId).state)
        refuseSpentDay(state, parts)
        if (isTerminalJob(state.status)) refuseTwin(conductor, scorePath, score.workspace)
        // "Now" means now, whatever the instrument said.
        if (state.status === 'waiting')
          for (const sheet of state.sheets) if (sheet.status === 'waiting') goOnNow(parts, state, sheet)
      }
      return command(jobId, 'resume', { type: 'resume' })
    },
    cancel: (jobId) => command(jobId, 'cancel', { type: 'cancel' }),
    async freeze(jobId) {
      if (!launcher.canFreeze)
        throw new JobSubmissionError('FREEZE_UNSUPPORTED', 'This system cannot let processes stand still. Pause the job instead.')
      const { state } = desk.find(jobId)
      if (isLegal(state, 'freeze') && onlyChecked(state, conductor.attempts()))
        throw new JobSubmissionError('ONLY_CHECKED', 'Its sheets are done and being checked: nothing of it can stand still.', {
          remedy: 'Pause the job: nothing new starts then.',
        })
      return command(jobId, 'freeze', { type: 'freeze', by: 'user' })
    },
    async thaw(jobId) {
      parts.metering.tellAll(jobId)
      const { state } = desk.find(jobId)
      if (state.frozen) {
        refuseSpent(state)
        refuseSpentDay(state, parts)
      }
      return command(jobId, 'thaw', { type: 'thaw' })
    },
    async endSurvivors(jobId) {
      await survivors.end(jobId)
      return desk.summary(jobId)
    },
  }
}

/** Sheets of it are in flight: they keep the score they are played by. */
const isUnderWay = ({ status, frozen }: JobState): boolean => status === 'pausing' || frozen !== null

/** Nothing of it runs but checks, which are ours and go on. */
const onlyChecked = ({ id }: JobState, attempts: readonly Pick<Attempt, 'record' | 'phase'>[]): boolean => {
  const own = attempts.filter(({ record }) => record.jobId === id)
  return own.length > 0 && own.every(({ phase }) => phase === 'checking')
}

const overtaken = ({ state: { status } }: JobRecord): JobSubmissionError =>
  new JobSubmissionError('ILLEGAL_IN_STATUS', `Something else was asked of this job meanwhile: it is ${status} now.`)
