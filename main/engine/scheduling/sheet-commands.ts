import { type Change, replaceSheet } from './conclude.ts'
import { again, leftOut } from './sheet-changes.ts'
import type { Effect, JobState, SheetCommand, SheetState } from './state.ts'
import { isBlocked, isInFlight, isSatisfied, isTerminalJob, isTerminalSheet, isTimed } from './statuses.ts'

const SENTENCES: Record<SheetCommand, string> = {
  retry: 'Only a sheet that runs, waits, failed or was left out can be run again',
  skip: 'Only a sheet that is not done can be left out',
}

/** The sheet is already as the command would have it, or is about to be: whoever asks twice is not told off. */
export function isSheetGranted(job: JobState, number: number, command: SheetCommand): boolean {
  const sheet = job.sheets[number - 1]
  if (!sheet) return false
  if (command === 'skip') return isLeftOut(sheet)
  return job.intent === 'run' && sheet.released && (sheet.status === 'pending' || sheet.status === 'ready')
}

/** What keeps the command from making sense for the sheet, as a sentence that names its status; null when nothing does. */
export function sheetRefusal(job: JobState, number: number, command: SheetCommand): string | null {
  const sheet = job.sheets[number - 1]
  if (!sheet) return `There is no sheet ${number}: the job has ${job.sheets.length}.`
  if (job.intent === 'cancel' && !isTerminalJob(job.status)) return 'The job is being cancelled.'
  if (job.status === 'completed') return `The job is completed, and sheet ${number} with it.`
  const isLegal = command === 'retry' ? mayRetry(sheet) : maySkip(sheet)
  if (!isLegal)
    return `${SENTENCES[command]}; sheet ${number} is ${isBlocked(sheet) ? 'held up by one that failed' : sheet.status}.`
  if (command === 'skip') return null
  const missing = neededBy(job, sheet)
  if (missing) return `Sheet ${number} needs sheet ${missing.number}, which is ${missing.status}: run that one again first.`
  if (!job.policy.failFast || !isTerminalSheet(sheet)) return null
  const other = job.sheets.find(({ status, number: one }) => status === 'failed' && one !== number)
  return other ? `Sheet ${other.number} failed too, and this score ends with its first failure: resume the job instead.` : null
}

const mayRetry = (sheet: SheetState): boolean =>
  isInFlight(sheet) || isTimed(sheet) || ['failed', 'cancelled', 'fermata'].includes(sheet.status) || isLeftOut(sheet)

const maySkip = (sheet: SheetState): boolean => !isTerminalSheet(sheet) || sheet.status === 'failed'

const isLeftOut = (sheet: SheetState): boolean => sheet.status === 'skipped' && !isBlocked(sheet)

/** A sheet it depends on that is over and did not bring what it should. */
function neededBy(job: JobState, sheet: SheetState): SheetState | undefined {
  if (!isTerminalSheet(sheet)) return undefined
  return (job.graph.dependsOn[sheet.number - 1] ?? [])
    .flatMap((number) => job.sheets[number - 1] ?? [])
    .find((source) => isTerminalSheet(source) && !isSatisfied(source))
}

/**
 * Runs a sheet again, with a fresh budget: ends its running attempt first, ends its wait, or takes a failure back and with it
 * what was left out because of it. A job that was over goes on.
 */
export function retrySheet(job: JobState, sheet: SheetState): Change {
  if (isInFlight(sheet)) return endFirst(job, sheet, 'retry')
  return goOn(job, sheet, { ...again(sheet), released: true })
}

/** Leaves a sheet out: whatever depends on it may go. Ends its running attempt first. */
export function skipSheet(job: JobState, sheet: SheetState, now: number): Change {
  if (isInFlight(sheet)) return endFirst(job, sheet, 'skip')
  const change = goOn(job, sheet, leftOut(sheet, now))
  return { ...change, effects: [...change.effects, { type: 'announce_sheet', sheet: sheet.number, news: 'skipped' }] }
}

function endFirst(job: JobState, sheet: SheetState, asked: 'retry' | 'skip'): Change {
  return { job: replaceSheet(job, { ...sheet, asked }), effects: [{ type: 'stop_attempt', sheet: sheet.number }] }
}

function goOn(job: JobState, old: SheetState, changed: SheetState): Change {
  const next = unblocked(replaceSheet(job, changed))
  const effects: Effect[] = isTimed(old) && job.intent === 'run' ? [{ type: 'clear_timer', sheet: old.number }] : []
  if (!isTerminalJob(job.status)) return { job: next, effects }
  const ranMs = job.hold === 'timeout' ? 0 : job.ranMs
  return {
    job: { ...next, ranMs, intent: 'run', hold: null, hooks: 'due', hookError: null, notBefore: null },
    effects: [...effects, { type: 'announce_job', news: 'resumed' }],
  }
}

/** Sheets that were left out for a failure come back when nothing they depend on has failed any more. */
function unblocked(job: JobState): JobState {
  // What was ready may have to wait again, for the sheet that comes back.
  const sheets = job.sheets.map((sheet): SheetState => (sheet.status === 'ready' ? { ...sheet, status: 'pending' } : sheet))
  const isFree = ({ number }: SheetState): boolean =>
    (job.graph.dependsOn[number - 1] ?? []).every((source) => {
      const before = sheets[source - 1]
      return before === undefined || !isTerminalSheet(before) || isSatisfied(before)
    })
  for (let found = true; found; ) {
    found = false
    for (const [index, sheet] of sheets.entries()) {
      if (!isBlocked(sheet) || !isFree(sheet)) continue
      sheets[index] = again(sheet)
      found = true
    }
  }
  return { ...job, sheets }
}
