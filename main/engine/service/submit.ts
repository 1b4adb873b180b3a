import { resolve } from 'node:path'
import { type Diagnostic, JobSubmissionError } from '../errors.ts'
import type { JobService } from '../job-service.ts'
import type { SubmitOptions } from '../requests.ts'
import { remarksFor } from '../running/remarks.ts'
import { rescuedFrom } from '../running/rescue.ts'
import { followingJobId, loadScore, newJobId, prepareWorkspace } from '../running/submission.ts'
import { archiveWorkspace } from '../running/workspace/archive.ts'
import { newJob, policyOf } from '../scheduling/new-job.ts'
import { planScore } from '../score/plan.ts'
import type { Score } from '../score/score.ts'
import { maxRunMs } from '../settings/settings.ts'
import type { Desk } from './desk.ts'
import { refuseGuests, refuseTwin, requireInstruments } from './neighbours.ts'
import type { ServiceParts } from './parts.ts'

/** Takes in score files as new jobs; see {@link JobService.submit}. */
export function createSubmit({ conductor, catalogue, clock, settings, dataDir }: ServiceParts, desk: Desk): JobService['submit'] {
  return async (path, options = {}) => {
    const scorePath = resolve(path)
    const { after } = options
    const following = after && followingJobId(scorePath, after)
    if (following && conductor.job(following)) return desk.summary(following)
    const loaded = await loadScore(scorePath, options.workspace)
    const { score } = loaded
    requireInstruments(catalogue, score)
    const kept = options.fresh ? null : rescuedFrom(score.workspace, scorePath, dataDir, (id) => conductor.job(id) !== undefined)
    if (kept) {
      conductor.add(kept)
      conductor.apply(kept.state.id, { type: 'resume' })
      return desk.summary(kept.state.id)
    }
    const plan = planScore(score)
    const { startSheet = 1 } = options
    if (!Number.isInteger(startSheet) || startSheet < 1 || startSheet > plan.sheets.length) {
      throw new JobSubmissionError('START_SHEET', `There is no sheet ${startSheet}: the score has ${plan.sheets.length}.`)
    }
    refuseTwin(conductor, scorePath, score.workspace, after?.jobId)
    if (options.fresh && score.workspace_lifecycle.archive_on_fresh) refuseGuests(conductor, score.workspace, after?.jobId)
    await prepareWorkspace(score.workspace)
    const archived = await archiveIfFresh(scorePath, score, options, clock.now())
    // Another one may have been accepted meanwhile.
    refuseTwin(conductor, scorePath, score.workspace, after?.jobId)
    const id = following ?? newJobId(scorePath, (taken) => conductor.job(taken) !== undefined)
    const state = newJob(id, plan, policyOf(score, { ...options, maxRunMs: maxRunMs(settings.current()) }), clock.now(), options)
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
    return desk.summary(id)
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
