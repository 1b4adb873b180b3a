import { backoffMs } from './backoff.ts'
import { overrunText, sheetOverrun } from './budgets.ts'
import { nextChoice, stationAt } from './graph.ts'
import { limitEnd } from './limit-wait.ts'
import { again, leftOut } from './sheet-changes.ts'
import type { AttemptOutcome, Effect, InstrumentSwitch, JobState, SheetError, SheetNews, SheetState, Survivor } from './state.ts'
import { joined, pidsOf, survivorsOf } from './survivors.ts'

/** A changed job, and what has to be done about it. */
export interface Change {
  readonly job: JobState
  readonly effects: readonly Effect[]
}

type Failed = Extract<AttemptOutcome, { kind: 'failed' }>
type Limited = Extract<AttemptOutcome, { kind: 'rate_limited' }>

export const replaceSheet = (job: JobState, sheet: SheetState): JobState => ({
  ...job,
  sheets: job.sheets.with(sheet.number - 1, sheet),
})

const told = (job: JobState, sheet: SheetState, news: SheetNews, effects: readonly Effect[] = []): Change => ({
  job: replaceSheet(job, sheet),
  // Whoever hears of it finds everything as it is from now on, limits included.
  effects: [...effects, { type: 'announce_sheet', sheet: sheet.number, news }],
})

const timer = (job: JobState, sheet: number, at: number): readonly Effect[] =>
  job.intent === 'run' ? [{ type: 'set_timer', sheet, at }] : []

/** On the next instrument of the sheet; null when there is none. */
export function switched(job: JobState, sheet: SheetState, reason: InstrumentSwitch['reason'], now: number): SheetState | null {
  const choice = nextChoice(job, sheet)
  return choice === null ? null : onto(job, sheet, choice, reason, now)
}

/** Played on another of its instruments, with budgets of its own. */
function onto(job: JobState, sheet: SheetState, choice: number, reason: InstrumentSwitch['reason'], now: number): SheetState {
  const from = stationAt(job, sheet).instrument
  const to = stationAt(job, { number: sheet.number, choice }).instrument
  return {
    ...sheet,
    status: 'pending',
    choice,
    failures: 0,
    completions: 0,
    mode: 'normal',
    wakeAt: null,
    switches: [...sheet.switches, { from, to, reason, at: now }],
  }
}

/** Another instrument, else a person; null when the sheet has neither. */
function handedOn(job: JobState, sheet: SheetState, reason: InstrumentSwitch['reason'], now: number): Change | null {
  const other = switched(job, sheet, reason, now)
  if (other) return told(job, other, 'switched')
  if (!job.policy.escalate) return null
  const why = sheet.error?.message ?? 'its checks do not all hold'
  return told(job, { ...sheet, status: 'fermata', note: `Its tries are used up: ${why}` }, 'fermata')
}

/** Its tries are used up (Marianne §7.3): another instrument, else a person, else failure. */
const exhausted = (job: JobState, sheet: SheetState, reason: InstrumentSwitch['reason'], now: number): Change =>
  handedOn(job, sheet, reason, now) ?? told(job, { ...sheet, status: 'failed', completedAt: now }, 'failed')

/**
 * Part of its checks hold: what is missing is mended, as long as that is worth while (Marianne §7.3: completion mode). Null
 * when it is not, or when mending did not help and nobody else can: then what is left of its tries starts it over.
 */
function mended(job: JobState, sheet: SheetState, outcome: Failed, now: number): Change | null {
  const { validation } = outcome
  if (!validation || validation.passed === 0) return null
  if ((100 * validation.passed) / validation.total < job.policy.completionThreshold) return null
  const partial: SheetState = {
    ...sheet,
    error: outcome.error,
    validation,
    completions: sheet.completions + 1,
    mode: 'completion',
  }
  if (partial.completions > job.policy.maxCompletions) return handedOn(job, partial, 'exhausted', now)
  const wakeAt = now + job.policy.completionDelayMs
  return told(job, { ...partial, status: 'retry_scheduled', wakeAt }, 'partial', timer(job, sheet.number, wakeAt))
}

function failed(job: JobState, sheet: SheetState, outcome: Failed, now: number): Change {
  const { error, validation, retriable } = outcome
  if (error.code === 'E502') return notLoggedIn(job, sheet, error, now)
  const mending = mended(job, sheet, outcome, now)
  if (mending) return mending
  const failures = sheet.failures + 1
  const next: SheetState = { ...sheet, failures, error, validation, mode: 'normal' }
  if (error.code === 'E505' && sheet.switches.length > 0 && sheet.error) return missing(job, sheet, sheet.error, now)
  if (!retriable) return notRetriable(job, next, error, now)
  if (failures >= job.policy.maxRetries) return exhausted(job, next, 'exhausted', now)
  const wakeAt = now + backoffMs(job.policy, failures, `${job.id}/${sheet.number}/${sheet.attempts}`)
  return told(job, { ...next, status: 'retry_scheduled', wakeAt }, 'retrying', timer(job, sheet.number, wakeAt))
}

/**
 * A fallback that is not there is passed over, and is not why the sheet fails. With no other left, the sheet waits for the
 * instrument whose limit it would have been spared.
 */
function missing(job: JobState, sheet: SheetState, error: SheetError, now: number): Change {
  const next = { ...sheet, error }
  const limited = sheet.switches.find(({ reason }) => reason === 'rate_limit')?.from
  const back = job.graph.stations[sheet.number - 1]?.findIndex(({ instrument }) => instrument === limited) ?? -1
  return nextChoice(job, sheet) === null && back >= 0 && back < sheet.choice
    ? told(job, onto(job, next, back, 'unavailable', now), 'switched')
    : exhausted(job, next, 'unavailable', now)
}

/** Another instrument can help where this one is the trouble: not there, crashed. A faulty score stays faulty. */
function notRetriable(job: JobState, sheet: SheetState, error: SheetError, now: number): Change {
  if (error.code === 'E505') return exhausted(job, sheet, 'unavailable', now)
  if (/^E[36]/.test(error.code)) return told(job, { ...sheet, status: 'failed', completedAt: now }, 'failed')
  return exhausted(job, sheet, 'exhausted', now)
}

/**
 * Only its user can log in, once for all sheets: this one goes on with another instrument or waits, and no try is counted.
 * Nobody else is sent to the instrument meanwhile.
 */
function notLoggedIn(job: JobState, sheet: SheetState, error: SheetError, now: number): Change {
  const { instrument } = stationAt(job, sheet)
  const refused: Effect = { type: 'refuse_instrument', instrument, message: error.message }
  const next: SheetState = { ...sheet, error }
  const other = switched(job, next, 'auth_failure', now)
  return other
    ? told(job, other, 'switched', [refused])
    : told(job, { ...next, status: 'waiting', wakeAt: null }, 'refused', [refused])
}

function limitOf(
  job: JobState,
  sheet: SheetState,
  { resetAt, message }: Limited,
  now: number,
): Extract<Effect, { type: 'limit_instrument' }> {
  const until = limitEnd(resetAt, job.policy.defaultRateLimitWaitMs, now)
  return { type: 'limit_instrument', station: stationAt(job, sheet), until, message }
}

/** Never touches the retry budget (Marianne §6.2). The instrument is left alone by everybody until the limit ends. */
function limited(job: JobState, sheet: SheetState, outcome: Limited, now: number): Change {
  const { policy } = job
  const limit = limitOf(job, sheet, outcome, now)
  const { until } = limit
  const code = outcome.code ?? 'E101'
  const error = { code, message: outcome.message }
  const other = switched(job, { ...sheet, error }, 'rate_limit', now)
  if (other) return told(job, other, 'switched', [limit])
  const quota = code === 'E104'
  const rateLimitWaits = sheet.rateLimitWaits + (quota ? 0 : 1)
  const quotaWaits = sheet.quotaWaits + (quota ? 1 : 0)
  if (rateLimitWaits > policy.maxRateLimitWaits || quotaWaits > policy.maxQuotaWaits) {
    const change = told(job, { ...sheet, status: 'pending', rateLimitWaits, quotaWaits, error }, 'rate_limited', [limit])
    return job.intent === 'run' ? { ...change, job: { ...change.job, intent: 'pause', hold: 'rate_limit' } } : change
  }
  const waiting: SheetState = { ...sheet, status: 'waiting', rateLimitWaits, quotaWaits, wakeAt: until, error }
  return told(job, waiting, 'rate_limited', [limit, ...timer(job, sheet.number, until)])
}

/** It used more than the score allows a sheet: to try it again would use more still (Marianne §7.8). */
function tooExpensive(job: JobState, sheet: SheetState, now: number): Change | null {
  const over = sheetOverrun(job, sheet)
  if (!over || over.action === 'notify') return null
  const error = { code: 'E999', message: `Its budget is used up: ${overrunText(over)}` }
  return told(job, { ...sheet, status: 'failed', error, completedAt: now }, 'failed')
}

/** Work that is done and paid for is kept, whatever it cost; before the job spends more its user is asked. */
function completed(job: JobState, done: SheetState): Change {
  const change = told(job, done, 'completed')
  const over = sheetOverrun(job, done)
  return over && over.action !== 'notify' && job.intent === 'run'
    ? { ...change, job: { ...change.job, intent: 'pause', hold: 'budget' } }
    : change
}

/**
 * Part of it could not be ended and must not run beside another attempt: neither a retry nor another instrument helps, and its
 * tries do not matter any more.
 */
function leftRunning(
  job: JobState,
  sheet: SheetState,
  outcome: AttemptOutcome,
  survivors: readonly Survivor[],
  now: number,
): Change {
  const unended = { code: 'E002', message: `It could not be ended: process ${pidsOf(survivors)} still runs` }
  const { error, validation } = outcome.kind === 'failed' ? outcome : { error: unended, validation: sheet.validation }
  const failures = sheet.failures + (outcome.kind === 'failed' ? 1 : 0)
  const effects = outcome.kind === 'rate_limited' ? [limitOf(job, sheet, outcome, now)] : []
  return told(job, { ...sheet, status: 'failed', failures, error, validation, completedAt: now }, 'failed', effects)
}

/** Losses in a row after which nothing is tried again without its user. */
const MOST_LOSSES = 3

/** What becomes of the sheet, and of the job's intent, when one of its attempts ended (Marianne §7.3). */
export function conclude(given: JobState, { asked, ...before }: SheetState, outcome: AttemptOutcome, now: number): Change {
  const survivors = survivorsOf(outcome)
  const job = survivors.length > 0 ? { ...given, survivors: joined(given.survivors, survivors) } : given
  const losses = outcome.kind === 'lost' ? before.losses : 0
  const sheet: SheetState = { ...before, asked: null, live: null, unmetered: 'no', losses }
  if (outcome.kind === 'succeeded') {
    const { validation } = outcome
    return completed(job, { ...sheet, status: 'completed', mode: 'normal', error: null, validation, completedAt: now })
  }
  if (job.intent === 'cancel') return told(job, { ...sheet, status: 'cancelled', completedAt: now }, 'cancelled')
  if (asked === 'skip') return told(job, leftOut(sheet, now), 'skipped')
  if (asked === 'fail') return told(job, { ...sheet, status: 'failed', completedAt: now }, 'failed')
  if (survivors.length > 0) return leftRunning(job, sheet, outcome, survivors, now)
  // Its user had it ended.
  if (asked === 'retry') return told(job, { ...again(sheet), released: true }, 'retrying')
  switch (outcome.kind) {
    case 'failed':
      return tooExpensive(job, sheet, now) ?? failed(job, sheet, outcome, now)
    case 'rate_limited':
      return tooExpensive(job, sheet, now) ?? limited(job, sheet, outcome, now)
    case 'lost': {
      const losses = sheet.losses + 1
      const change = told(job, { ...sheet, status: 'pending', losses }, 'lost')
      // What is lost again and again is not started for ever; a pause its user asked for stays that.
      return job.intent === 'run' && losses >= MOST_LOSSES
        ? { ...change, job: { ...change.job, intent: 'pause', hold: 'crash' } }
        : change
    }
    case 'stopped':
      // Ended on our word, though nobody cancels any more: the sheet simply runs again.
      return told(job, { ...sheet, status: 'pending' }, 'lost')
  }
}
