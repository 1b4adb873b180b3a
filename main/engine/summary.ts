import { budgetViews } from './budget-views.ts'
import type { JobForecast } from './learning/job-forecast.ts'
import type { AttemptRecord, JobRecord } from './ports.ts'
import type { Attempt } from './running/attempt.ts'
import type { Liveness } from './running/liveness.ts'
import type { Metering } from './running/metering/metering.ts'
import { stationAt } from './scheduling/graph.ts'
import { isLegal } from './scheduling/legal.ts'
import { sheetRefusal } from './scheduling/sheet-commands.ts'
import type { Usage } from './scheduling/state.ts'
import { isTimed } from './scheduling/statuses.ts'
import { addUsage, NO_USAGE } from './scheduling/usage.ts'
import type { Score } from './score/score.ts'
import type { AttemptView, JobDetail, JobSummary, LimitWait, SheetView } from './views.ts'

/** What is known of a job beside its state. */
export interface Surroundings {
  readonly reason: string
  /** Why each sheet is as it is, in sheet order. */
  sheetReasons(): readonly (string | null)[]
  readonly running: readonly Pick<Attempt, 'record' | 'phase' | 'staleAt' | 'silentSince' | 'signalledAt'>[]
  readonly liveness: Pick<Liveness, 'lastOutputAt' | 'loadOf' | 'isStopped'>
  /** What running attempts used so far. */
  readonly metering: Pick<Metering, 'of'>
  /** How long the sheet of a running attempt usually takes, in ms. */
  usualMs(record: AttemptRecord): number | null
  readonly forecast: JobForecast | null
  /** What keeps its sheets from their instrument. */
  readonly limitWait: LimitWait | null
  /** The system can let processes stand still. */
  readonly canFreeze: boolean
}

function attemptView(
  { record, phase, staleAt, silentSince, signalledAt }: Surroundings['running'][number],
  { stale_detection: stale }: Score,
  { liveness, metering, usualMs }: Surroundings,
): AttemptView {
  const { sheet, number, identity, startedAt, folder, marker } = record
  const lastOutputAt = liveness.lastOutputAt(folder)
  return {
    sheet,
    number,
    pid: identity?.pid ?? null,
    // Somebody else may have stopped it too.
    phase: phase === 'running' && liveness.isStopped(marker, signalledAt) ? 'frozen' : phase,
    startedAt,
    lastOutputAt,
    silentSince,
    // The watch looks now and then only: it may not know of the latest output yet.
    staleAt: staleAt === null ? null : Math.max(staleAt, (lastOutputAt ?? 0) + stale.idle_timeout_seconds * 1000),
    ...metering.of(marker),
    usualMs: usualMs(record),
    load: liveness.loadOf(marker),
  }
}

/** The instrument most people need to know of: the one in use, and that there are others. */
function instrumentsOf(state: JobRecord['state']): string {
  const names = [...new Set(state.sheets.map((sheet) => stationAt(state, sheet).instrument))]
  const [first = 'none', ...others] = names
  return others.length > 0 ? `${first} +${others.length}` : first
}

/** Of all attempts: those that ended, and what the running ones told so far. */
function usageOf({ sheets }: JobRecord['state'], running: readonly AttemptView[]): Usage {
  const ended = sheets.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE)
  return running.reduce((sum, { usage }) => addUsage(sum, usage), ended)
}

/** A job as lists and the tray show it. */
export function summarize({ state, score, scorePath, follows }: JobRecord, around: Surroundings): JobSummary {
  const running = around.running.map((attempt) => attemptView(attempt, score, around))
  const onlyChecked = running.length > 0 && running.every(({ phase }) => phase === 'checking')
  const wakes = state.sheets.flatMap((sheet) => (isTimed(sheet) && sheet.wakeAt !== null ? [sheet.wakeAt] : []))
  return {
    id: state.id,
    name: score.name,
    description: score.description,
    status: state.status,
    frozen: state.frozen,
    survivors: state.survivors.map(({ pid }) => pid),
    cancelling: state.intent === 'cancel' && state.status === 'running',
    reason: around.reason,
    instrument: instrumentsOf(state),
    scorePath,
    followsJob: follows,
    workspace: score.workspace,
    createdAt: state.createdAt,
    startedAt: state.startedAt,
    completedAt: state.completedAt,
    wakeAt: state.status === 'waiting' && wakes.length > 0 ? Math.min(...wakes) : null,
    limitWait: around.limitWait,
    sheetStatuses: state.sheets.map(({ status }) => status),
    completedSheets: state.sheets.filter(({ status }) => status === 'completed').length,
    totalSheets: state.sheets.length,
    usage: usageOf(state, running),
    budgets: budgetViews(state, (sheet) => running.find((attempt) => attempt.sheet === sheet)?.usage ?? null),
    forecast: around.forecast,
    running,
    needsYou:
      state.status === 'failed' ||
      state.status === 'interrupted' ||
      state.sheets.some(({ status }) => status === 'fermata') ||
      state.survivors.length > 0 ||
      state.frozen?.by === 'budget' ||
      around.limitWait?.cause === 'login' ||
      (state.status === 'paused' && (state.hold === 'rate_limit' || state.hold === 'budget')),
    can: {
      pause: isLegal(state, 'pause') && state.intent !== 'pause' && state.frozen === null,
      resume: isLegal(state, 'resume') && state.frozen?.by !== 'day',
      cancel: isLegal(state, 'cancel') && state.intent !== 'cancel',
      freeze: around.canFreeze && isLegal(state, 'freeze') && state.frozen === null && !onlyChecked,
      // What the budget of the day froze goes on when that is raised, and not before.
      thaw: isLegal(state, 'thaw') && state.frozen?.thawing === false && state.frozen.by !== 'day',
    },
    version: state.version,
  }
}

/** The same with every sheet. */
export function detail(job: JobRecord, around: Surroundings): JobDetail {
  const reasons = around.sheetReasons()
  const sheets = job.state.sheets.map((sheet, index): SheetView => {
    const { number, status, attempts, failures, wakeAt, error, validation, usage, startedAt, completedAt, switches } = sheet
    const planned = job.plan.sheets[index]
    return {
      ...{ number, status, attempts, failures, wakeAt, error, validation, usage, startedAt, completedAt, switches },
      startItem: planned?.startItem ?? number,
      endItem: planned?.endItem ?? number,
      movement: planned?.movement ?? number,
      movementName: planned?.movementName ?? null,
      voice: planned?.voice ?? 1,
      voices: planned?.voices ?? 1,
      description: planned?.description ?? null,
      dependsOn: planned?.dependsOn ?? [],
      instrument: stationAt(job.state, sheet).instrument,
      reason: reasons[index] ?? null,
      can: {
        retry: sheetRefusal(job.state, number, 'retry') === null,
        skip: sheetRefusal(job.state, number, 'skip') === null,
      },
    }
  })
  return { ...summarize(job, around), sheets, notes: job.notes }
}
