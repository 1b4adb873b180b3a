import type { Effect, JobNews, JobState, JobStatus, SheetState } from './state.ts'
import { isBlocked, isInFlight, isTerminalJob, isTerminalSheet, isTimed } from './statuses.ts'

/** Sheets run one after another: the first unfinished one may go, the rest wait for it. */
function promoteNext(sheets: readonly SheetState[]): readonly SheetState[] {
  const index = sheets.findIndex((sheet) => sheet.status !== 'completed' && sheet.status !== 'skipped')
  const next = sheets[index]
  if (next?.status !== 'pending') return sheets
  return sheets.with(index, { ...next, status: 'ready' })
}

/** Maps without copying when nothing changed: identity tells the store what to write. */
function mapSheets(sheets: readonly SheetState[], change: (sheet: SheetState) => SheetState): readonly SheetState[] {
  const changed = sheets.map(change)
  return changed.every((sheet, index) => sheet === sheets[index]) ? sheets : changed
}

const withdrawReady = (sheets: readonly SheetState[]): readonly SheetState[] =>
  mapSheets(sheets, (sheet) => (sheet.status === 'ready' ? { ...sheet, status: 'pending' } : sheet))

/** Marianne: downstream of a failure is skipped with E999 naming the sheet that blocks it. */
function blockAfterFailure(sheets: readonly SheetState[]): readonly SheetState[] {
  const failed = sheets.find(({ status }) => status === 'failed')
  if (!failed) return sheets
  const error = { code: 'E999', message: `Not run: sheet ${failed.number} failed` }
  return mapSheets(sheets, (sheet) =>
    isTerminalSheet(sheet) || isInFlight(sheet) ? sheet : { ...sheet, status: 'skipped', wakeAt: null, error },
  )
}

const cancelRest = (sheets: readonly SheetState[]): readonly SheetState[] =>
  mapSheets(sheets, (sheet) =>
    isTerminalSheet(sheet) || isInFlight(sheet) ? sheet : { ...sheet, status: 'cancelled', wakeAt: null },
  )

/** The status follows from what the user wants and from what the sheets do; it is never set by hand. */
function statusOf(job: JobState): JobStatus {
  const { sheets, intent, hold } = job
  if (sheets.some(isInFlight)) return intent === 'pause' ? 'pausing' : 'running'
  if (sheets.some(({ status }) => status === 'failed')) return 'failed'
  if (sheets.every((sheet) => sheet.status === 'completed' || (sheet.status === 'skipped' && !isBlocked(sheet))))
    return 'completed'
  if (intent === 'cancel') return 'cancelled'
  if (intent === 'pause') return hold === 'crash' ? 'interrupted' : 'paused'
  return sheets.some(isTimed) ? 'waiting' : 'queued'
}

const NEWS: Partial<Record<JobStatus, JobNews>> = {
  pausing: 'pausing',
  paused: 'paused',
  waiting: 'waiting',
  interrupted: 'interrupted',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
}

/**
 * Brings a job whose sheets, intent or hold were changed into a consistent whole: promotes or withholds sheets,
 * derives the status, stamps times and tells the news. Returns `previous` itself when nothing changed.
 */
export function settle(previous: JobState, changed: JobState, now: number): { state: JobState; effects: Effect[] } {
  let sheets = changed.sheets
  if (changed.intent === 'run') sheets = promoteNext(sheets)
  else if (changed.intent === 'pause') sheets = withdrawReady(sheets)
  else sheets = cancelRest(sheets)
  sheets = blockAfterFailure(sheets)

  const settled = sheets === changed.sheets ? changed : { ...changed, sheets }
  const status = statusOf(settled)
  if (settled === previous && status === previous.status) return { state: previous, effects: [] }

  const running = sheets.some(isInFlight)
  const state: JobState = {
    ...settled,
    status,
    hold: status === 'completed' ? null : settled.hold,
    statusSince: status === previous.status ? previous.statusSince : now,
    startedAt: settled.startedAt ?? (running ? now : null),
    completedAt: isTerminalJob(status) ? (isTerminalJob(previous.status) ? previous.completedAt : now) : null,
    version: previous.version + 1,
  }
  const effects: Effect[] = []
  if (previous.startedAt === null && state.startedAt !== null) effects.push({ type: 'announce_job', news: 'started' })
  const news = NEWS[status]
  if (news && status !== previous.status) effects.push({ type: 'announce_job', news })
  return { state, effects }
}
