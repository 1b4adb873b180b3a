import { isDeepStrictEqual } from 'node:util'
import { JobSubmissionError } from '../errors.ts'
import type { JobRecord } from '../ports.ts'
import { graphOf } from '../scheduling/graph.ts'
import { policyOf } from '../scheduling/new-job.ts'
import type { JobState, SheetStatus } from '../scheduling/state.ts'
import { isSatisfied } from '../scheduling/statuses.ts'
import { planScore } from '../score/plan.ts'
import type { HookRule, Plan, Score } from '../score/score.ts'
import type { LoadedScore } from './submission.ts'

/** The top-level keys whose values differ. */
export function changedSections(before: Score, after: Score): readonly (keyof Score)[] {
  const keys = Object.keys(after) as (keyof Score)[]
  return keys.filter((key) => !isDeepStrictEqual(before[key], after[key]))
}

/** Limits that were changed start to count anew (Marianne §7.10), and what is ready is asked anew what it waits for. */
function reset(
  { state, score }: JobRecord,
  next: Score,
  sections: readonly (keyof Score)[],
): Pick<JobState, 'sheets' | 'hooksDone'> {
  const limits = sections.includes('rate_limit') ? { rateLimitWaits: 0, quotaWaits: 0 } : {}
  return {
    sheets: state.sheets.map((sheet) => ({ ...sheet, ...limits, status: sheet.status === 'ready' ? 'pending' : sheet.status })),
    hooksDone: state.hooksDone.flatMap((hook) => placesOf(score.on_success[hook], next.on_success)),
  }
}

/** A hook that was done counts as done wherever it stands now, once. */
function placesOf(hook: HookRule | undefined, hooks: readonly HookRule[]): number[] {
  const place = hooks.findIndex((candidate) => isDeepStrictEqual(candidate, hook))
  return place < 0 ? [] : [place]
}

/** Decided on, though no attempt was made; what was left out after a failure is not. */
const TOUCHED: ReadonlySet<SheetStatus> = new Set(['completed', 'fermata'])

/** What has begun must still be what it was begun as. */
function refuseMoved({ plan: before, state }: JobRecord, after: Plan): void {
  const moved = state.sheets.find(({ status, attempts }, index) => {
    const sheet = state.sheets[index]
    if (attempts === 0 && !TOUCHED.has(status) && !(sheet && isSatisfied(sheet))) return false
    const [was, is] = [before.sheets[index], after.sheets[index]]
    if (!was || !is) return false
    return (['movement', 'voice', 'voices', 'startItem', 'endItem'] as const).some((key) => was[key] !== is[key])
  })
  if (!moved || before.sheets.length !== after.sheets.length) return
  throw new JobSubmissionError(
    'SHEETS_CHANGED',
    `Sheet ${moved.number} has begun, and would be another part of the score now: what is done could not be told from what is not.`,
    { remedy: 'Submit it as a new job, or undo the change to its layout. Resuming without reloading keeps the score as it was.' },
  )
}

/**
 * Puts a changed score in the place of the job's own before it is resumed (Marianne §2.2, 7.10). Null when nothing changed.
 *
 * @param maxRunMs how long a job may run whose score does not say
 * @throws JobSubmissionError SHEETS_CHANGED when it would have other sheets: what is done could no longer be told from what is not
 */
export function reconcile(
  job: JobRecord,
  { score, notes }: Pick<LoadedScore, 'score' | 'notes'>,
  maxRunMs: number | null,
): { job: JobRecord; sections: readonly (keyof Score)[] } | null {
  // The workspace may have been given when it was submitted; the sheets' work is there.
  const next: Score = { ...score, workspace: job.score.workspace }
  const sections = changedSections(job.score, next)
  if (sections.length === 0) return null
  const plan = planScore(next)
  refuseMoved(job, plan)
  const [before, after] = [job.plan.sheets.length, plan.sheets.length]
  if (before !== after) {
    throw new JobSubmissionError(
      'SHEETS_CHANGED',
      `The score has ${after} sheets now, this job was begun with ${before}: what is done could not be told from what is not.`,
      {
        remedy: 'Submit it as a new job, or undo the change to its sheets. Resuming without reloading keeps the score as it was.',
      },
    )
  }
  const state: JobState = {
    ...job.state,
    ...reset(job, next, sections),
    policy: policyOf(next, { escalate: job.state.policy.escalate, maxRunMs }),
    graph: graphOf(plan),
    version: job.state.version + 1,
  }
  return { job: { ...job, score: next, plan, notes, state }, sections }
}
