import { jobOverrun, overrunOf, overrunText, sheetOverrun } from './budgets.ts'
import { clockTime } from './clock-time.ts'
import { stationAt } from './graph.ts'
import { heldLimitReason, refusedReason, waitsForLogin } from './limit-wait.ts'
import type { Frozen, Hold, JobState, SheetError, SheetState } from './state.ts'
import { completedUpTo, isInFlight, isSatisfied, isTimed } from './statuses.ts'
import { pidsOf } from './survivors.ts'

const place = (job: JobState): string => {
  const done = completedUpTo(job)
  return done === 0 ? 'before sheet 1' : `after sheet ${done}`
}

/** "sheet 3" or "sheets 3 and 4". */
function inFlight(job: JobState): string {
  const running = job.sheets.filter(isInFlight)
  const numbers = running.map(({ number }) => number)
  return numbers.length === 1 ? `sheet ${numbers[0]}` : `sheets ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`
}

/** The first letter goes up. */
const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** An error inside a sentence of ours: without its own full stop. */
const because = (error: SheetError | null): string => error?.message.replace(/\.$/, '') ?? 'no reason given'

/** When and why a sheet goes on that waits for a moment in time. */
function timedReason(job: JobState, sheet: SheetState, now: number): string {
  const { instrument } = stationAt(job, sheet)
  if (waitsForLogin(sheet)) return refusedReason(instrument, because(sheet.error))
  if (sheet.wakeAt === null) return heldLimitReason(instrument)
  const at = clockTime(sheet.wakeAt, now)
  if (sheet.status === 'waiting') return `Waiting for ${instrument} (rate limit), resumes by itself at ${at}`
  if (sheet.mode === 'completion') return `Sheet ${sheet.number} is not complete (${because(sheet.error)}); it is mended at ${at}`
  return `Sheet ${sheet.number} failed (${because(sheet.error)}); attempt ${sheet.attempts + 1} starts at ${at}`
}

function waitingReason(job: JobState, now: number): string {
  const held = job.sheets.filter(({ status }) => status === 'fermata')
  const [first] = held
  if (first) return `Sheet ${first.number} waits for your decision${first.note ? `: ${first.note}` : ''}`
  // What its user can do something about comes first.
  const sheet = job.sheets.find(waitsForLogin) ?? soonest(job.sheets)
  return sheet ? timedReason(job, sheet, now) : 'Waiting'
}

/** The sheet that goes on first; those that wait for their user come last. */
function soonest(sheets: readonly SheetState[]): SheetState | undefined {
  return sheets.filter(isTimed).sort((a, b) => wakes(a) - wakes(b))[0]
}

const wakes = ({ wakeAt }: SheetState): number => wakeAt ?? Number.MAX_VALUE

function runningReason(job: JobState): string {
  const running = job.sheets.filter(isInFlight)
  const [sheet] = running
  if (!sheet && job.looking.length > 0) return `Ending ${theLook(job)}`
  if (!sheet) return 'All sheets are done; what follows them runs'
  const attempt = running.length === 1 && sheet && sheet.attempts > 1 ? `, attempt ${sheet.attempts}` : ''
  const instruments = [...new Set(running.map((one) => stationAt(job, one).instrument))].join(' and ')
  return `${sentence(inFlight(job))} of ${job.sheets.length} on ${instruments}${attempt}`
}

function timeoutReason(job: JobState): string {
  const seconds = (job.policy.maxRunMs ?? 0) / 1000
  const allowed =
    seconds < 120
      ? `${seconds} s`
      : seconds < 7200
        ? `${Math.round(seconds / 60)} min`
        : `${Number((seconds / 3600).toFixed(1))} h`
  const begun = job.sheets.find(({ status, attempts }) => status === 'cancelled' && attempts > 0)
  const text = `Ran longer than its ${allowed} and was ended`
  return `${text} ${begun ? `during sheet ${begun.number}` : place(job)}${leftover(job)}. Resume goes on there`
}

const CANCELLED: Partial<Record<Hold, string>> = {
  day: "Cancelled, today's budget was used up,",
  budget: 'Cancelled by its budget, which was raised since,',
}

function cancelledReason(job: JobState): string {
  const begun = job.sheets.find(({ status, attempts }) => status === 'cancelled' && attempts > 0)
  const over = job.hold === 'budget' ? jobOverrun(job) : null
  const who = over ? `Cancelled, ${overrunText(over)},` : (CANCELLED[job.hold ?? 'user'] ?? 'Cancelled by you')
  return `${who} ${begun ? `during sheet ${begun.number}` : place(job)}${leftover(job)}`
}

function leftover({ survivors }: JobState): string {
  if (survivors.length === 0) return ''
  return `; ${survivors.length > 1 ? 'processes' : 'process'} ${pidsOf(survivors)} could not be ended`
}

const theLook = ({ looking }: JobState): string =>
  `what looks whether ${looking.length > 1 ? `sheets ${looking.join(', ')} are` : `sheet ${looking[0]} is`} to be played`

/** What is ended of a job that is being cancelled. */
function cancelled(job: JobState): string {
  if (job.sheets.some(isInFlight)) return inFlight(job)
  return job.looking.length > 0 ? theLook(job) : 'what follows the last sheet'
}

function frozenReason(job: JobState, frozen: Frozen, blocked: string | undefined, now: number): string {
  const what = `${inFlight(job)} ${job.sheets.filter(isInFlight).length > 1 ? 'stand' : 'stands'} still`
  if (frozen.thawing) return blocked ?? 'About to go on'
  const after = job.intent === 'pause' ? 'Thaw lets it go on to its end, then the job pauses' : 'Thaw lets it go on'
  switch (frozen.by) {
    case 'user':
      return `Frozen by you at ${clockTime(frozen.since, now)}: ${what}. ${after}`
    case 'pressure':
      return `Frozen, the computer is short of memory: ${what}. It goes on by itself`
    case 'day':
      return `Frozen, today's budget is used up: ${what}. It goes on at midnight, or when the budget is raised`
    case 'budget': {
      const over = overrunOf(job)
      const mute = job.sheets.find(({ unmetered }) => unmetered === 'yes')
      if (!over && mute)
        return `Frozen, sheet ${mute.number} stopped telling what it uses of today's budget. Thaw lets it go on all the same`
      const remedy = over?.measure === 'unknown' ? 'Thaw lets it go on all the same' : 'Raise the budget to go on'
      return over
        ? `Frozen at ${clockTime(frozen.since, now)}: ${overrunText(over)}. ${remedy}`
        : `Frozen: ${what}. Thaw lets it go on`
    }
  }
}

function pausedReason(job: JobState): string {
  switch (job.hold) {
    case 'rate_limit': {
      const limited = job.sheets.find(({ error }) => error?.code.startsWith('E10'))
      const who = limited ? stationAt(job, limited).instrument : 'its instrument'
      return `Paused ${place(job)}: ${who} met its rate limit again and again. Resume tries once more`
    }
    case 'budget':
      return budgetReason(job)
    case 'signal_file':
      return `Paused by its pause file ${place(job)}`
    default:
      return `Paused by you ${place(job)}`
  }
}

function budgetReason(job: JobState): string {
  const over = overrunOf(job)
  if (over?.measure === 'unknown') return `Paused ${place(job)}: ${overrunText(over)}. Resume lets it go on all the same`
  if (over) return `Paused ${place(job)}: ${overrunText(over)}. Raise the budget to go on`
  const done = job.sheets.findLast((sheet) => sheetOverrun(job, sheet) !== null)
  const dear = done && sheetOverrun(job, done)
  return dear
    ? `Paused: ${overrunText(dear)}, the most the score allows a sheet. Resume goes on`
    : `Paused ${place(job)} for its budget`
}

function completedReason({ sheets }: JobState): string {
  const skipped = sheets.filter(({ status }) => status === 'skipped').length
  if (skipped > 0) return `${sheets.length - skipped} of ${sheets.length} sheets are completed, ${skipped} left out`
  return sheets.length === 1 ? 'Its sheet is completed' : `All ${sheets.length} sheets are completed`
}

/**
 * Why a sheet is as it is, where its status alone does not say.
 *
 * @param blocked the dispatcher's reason for its job
 * @param now epoch ms
 */
export function sheetReason(job: JobState, sheet: SheetState, blocked: string | undefined, now: number): string | null {
  if (sheet.status === 'ready') return blocked ?? 'About to start'
  if (isTimed(sheet)) return job.intent === 'run' ? timedReason(job, sheet, now) : 'Waits for its job to go on'
  if (sheet.status !== 'pending') return sheet.note
  const missing = (job.graph.dependsOn[sheet.number - 1] ?? []).filter((number) => {
    const source = job.sheets[number - 1]
    return source !== undefined && !isSatisfied(source)
  })
  if (missing.length === 0) return job.intent === 'pause' ? 'Waits for its job to go on' : null
  return missing.length > 3 ? `Waits for ${missing.length} sheets` : `Waits for sheet ${missing.join(', ')}`
}

/**
 * Why a job is as it is and what comes next, in plain words.
 *
 * @param blocked the dispatcher's reason, when the job waits for a slot
 * @param now epoch ms
 */
export function reasonFor(job: JobState, blocked: string | undefined, now: number): string {
  switch (job.status) {
    case 'queued':
      return blocked ?? 'About to start'
    case 'running':
      if (job.intent !== 'cancel') return runningReason(job)
      if (job.hold === 'timeout' && job.sheets.some(isInFlight)) return `Its time is up: ending ${inFlight(job)}`
      return `Cancelling: ending ${cancelled(job)}`
    case 'pausing':
      if (!job.sheets.some(isInFlight)) return `Pausing: ending ${theLook(job)}`
      return `Pauses when ${inFlight(job)} ${job.sheets.filter(isInFlight).length > 1 ? 'are' : 'is'} done`
    case 'paused':
      return job.frozen ? frozenReason(job, job.frozen, blocked, now) : pausedReason(job)
    case 'waiting':
      return waitingReason(job, now)
    case 'interrupted':
      if (job.hold === 'restored')
        return `Restored from a backup ${place(job)}: what came after it is not known. Look at its workspace, then resume`
      if (job.hold === 'return') return `Stopped ${place(job)}: Fermata was away. Resume lets it go on`
      return `Stopped ${place(job)}: its sheet was lost again and again, killed or with the computer. Resume tries once more`
    case 'completed':
      return completedReason(job)
    case 'failed': {
      if (job.hold === 'timeout') return timeoutReason(job)
      const failed = job.sheets.filter(({ status }) => status === 'failed')
      const [first] = failed
      const more = failed.length > 1 ? `, and ${failed.length - 1} more failed` : ''
      return first
        ? `Failed on sheet ${first.number}: ${because(first.error)}${more}`
        : `All sheets are done, but ${job.hookError ?? 'a hook failed'}`
    }
    case 'cancelled':
      return cancelledReason(job)
  }
}
