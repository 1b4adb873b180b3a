import type { AttemptRecord, JobRecord } from './ports.ts'
import { isLegal } from './scheduling/legal.ts'
import { isTimed } from './scheduling/statuses.ts'
import { addUsage, NO_USAGE } from './scheduling/usage.ts'
import { planScore } from './score/plan.ts'
import type { AttemptPhase, AttemptView, JobDetail, JobSummary } from './views.ts'

/** What is known of a job beside its state. */
export interface Surroundings {
  readonly reason: string
  readonly running: readonly { readonly record: AttemptRecord; readonly phase: AttemptPhase }[]
  lastOutputAt(folder: string): number | null
}

function attemptView({ record, phase }: Surroundings['running'][number], around: Surroundings): AttemptView {
  const { sheet, number, identity, startedAt, folder } = record
  return { sheet, number, pid: identity?.pid ?? null, phase, startedAt, lastOutputAt: around.lastOutputAt(folder) }
}

/** A job as lists and the tray show it. */
export function summarize({ state, score, scorePath }: JobRecord, around: Surroundings): JobSummary {
  const wakes = state.sheets.flatMap((sheet) => (isTimed(sheet) && sheet.wakeAt !== null ? [sheet.wakeAt] : []))
  return {
    id: state.id,
    name: score.name,
    description: score.description,
    status: state.status,
    cancelling: state.intent === 'cancel' && state.status === 'running',
    reason: around.reason,
    instrument: score.instrument,
    scorePath,
    workspace: score.workspace,
    createdAt: state.createdAt,
    startedAt: state.startedAt,
    completedAt: state.completedAt,
    wakeAt: state.status === 'waiting' && wakes.length > 0 ? Math.min(...wakes) : null,
    sheetStatuses: state.sheets.map(({ status }) => status),
    completedSheets: state.sheets.filter(({ status }) => status === 'completed').length,
    totalSheets: state.sheets.length,
    usage: state.sheets.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE),
    running: around.running.map((attempt) => attemptView(attempt, around)),
    needsYou:
      state.status === 'failed' || state.status === 'interrupted' || (state.status === 'paused' && state.hold === 'rate_limit'),
    can: {
      pause: isLegal(state, 'pause') && state.intent !== 'pause',
      resume: isLegal(state, 'resume'),
      cancel: isLegal(state, 'cancel') && state.intent !== 'cancel',
    },
    version: state.version,
  }
}

/** The same with every sheet. */
export function detail(job: JobRecord, around: Surroundings): JobDetail {
  const planned = new Map(planScore(job.score).sheets.map((sheet) => [sheet.number, sheet]))
  const sheets = job.state.sheets.map(({ rateLimitWaits: _, ...sheet }) => ({
    ...sheet,
    startItem: planned.get(sheet.number)?.startItem ?? sheet.number,
    endItem: planned.get(sheet.number)?.endItem ?? sheet.number,
  }))
  return { ...summarize(job, around), sheets }
}
