import { backoffMs } from './backoff.ts'
import { isLegal } from './legal.ts'
import { settle } from './settle.ts'
import type { AttemptOutcome, Decision, Effect, JobEvent, JobState, SheetState } from './state.ts'
import { isBlocked, isInFlight, isTimed } from './statuses.ts'
import { addUsage } from './usage.ts'

/** A reset time a moment ago would make the sheet spin; it waits at least this long. */
const SHORTEST_RATE_LIMIT_WAIT_MS = 1000

type Change = { readonly job: JobState; readonly effects: readonly Effect[] }

const replaceSheet = (job: JobState, sheet: SheetState): JobState => ({
  ...job,
  sheets: job.sheets.map((old) => (old.number === sheet.number ? sheet : old)),
})

function grantSlot(job: JobState, number: number): Change | null {
  const sheet = job.sheets.find((candidate) => candidate.number === number)
  if (sheet?.status !== 'ready' || job.intent !== 'run') return null
  const attempt = sheet.attempts + 1
  return {
    job: replaceSheet(job, { ...sheet, status: 'dispatched', attempts: attempt, wakeAt: null }),
    effects: [{ type: 'start_attempt', sheet: number, attempt }],
  }
}

function startAttempt(job: JobState, number: number, attempt: number, now: number): Change | null {
  const sheet = job.sheets.find((candidate) => candidate.number === number)
  if (sheet?.status !== 'dispatched' || sheet.attempts !== attempt) return null
  return {
    job: replaceSheet(job, { ...sheet, status: 'in_progress', startedAt: sheet.startedAt ?? now }),
    effects: [{ type: 'announce_sheet', sheet: number, news: 'started' }],
  }
}

/** What becomes of the sheet, and of the job's intent, when one of its attempts ended (Marianne §7.3). */
function conclude(job: JobState, sheet: SheetState, outcome: AttemptOutcome, now: number): Change {
  const news = (
    next: SheetState,
    name: Extract<Effect, { type: 'announce_sheet' }>['news'],
    more: readonly Effect[] = [],
  ): Change => ({
    job: replaceSheet(job, next),
    effects: [{ type: 'announce_sheet', sheet: sheet.number, news: name }, ...more],
  })
  if (outcome.kind === 'succeeded') {
    return news({ ...sheet, status: 'completed', error: null, validation: outcome.validation, completedAt: now }, 'completed')
  }
  if (job.intent === 'cancel') {
    const change = news({ ...sheet, status: 'cancelled', completedAt: now }, 'cancelled')
    const survivors = outcome.kind === 'stopped' ? outcome.survivors : []
    return survivors.length > 0 ? { ...change, job: { ...change.job, survivors: [...job.survivors, ...survivors] } } : change
  }
  switch (outcome.kind) {
    case 'failed': {
      const failures = sheet.failures + 1
      const failed = { ...sheet, failures, error: outcome.error, validation: outcome.validation }
      if (!outcome.retriable || failures >= job.policy.maxRetries)
        return news({ ...failed, status: 'failed', completedAt: now }, 'failed')
      const wakeAt = now + backoffMs(job.policy, failures, `${job.id}/${sheet.number}/${sheet.attempts}`)
      const timer: readonly Effect[] = job.intent === 'run' ? [{ type: 'set_timer', sheet: sheet.number, at: wakeAt }] : []
      return news({ ...failed, status: 'retry_scheduled', wakeAt }, 'retrying', timer)
    }
    case 'rate_limited': {
      const waits = sheet.rateLimitWaits + 1
      const error = { code: 'E101', message: outcome.message }
      if (waits > job.policy.maxRateLimitWaits) {
        const change = news({ ...sheet, status: 'pending', rateLimitWaits: waits, error }, 'rate_limited')
        return { ...change, job: { ...change.job, intent: 'pause', hold: 'rate_limit' } }
      }
      const wakeAt = Math.max(outcome.resetAt ?? now + job.policy.defaultRateLimitWaitMs, now + SHORTEST_RATE_LIMIT_WAIT_MS)
      const timer: readonly Effect[] = job.intent === 'run' ? [{ type: 'set_timer', sheet: sheet.number, at: wakeAt }] : []
      return news({ ...sheet, status: 'waiting', rateLimitWaits: waits, wakeAt, error }, 'rate_limited', timer)
    }
    case 'lost': {
      const change = news({ ...sheet, status: 'pending' }, 'lost')
      return { ...change, job: { ...change.job, intent: 'pause', hold: 'crash' } }
    }
    case 'stopped':
      // Ended on our word, though nobody cancels any more: the sheet simply runs again.
      return news({ ...sheet, status: 'pending' }, 'lost')
  }
}

function endAttempt(job: JobState, event: Extract<JobEvent, { type: 'attempt_ended' }>, now: number): Change | null {
  const sheet = job.sheets.find(({ number }) => number === event.sheet)
  // A late report of an attempt that is over must not touch the one that runs now.
  if (!sheet || !isInFlight(sheet) || sheet.attempts !== event.attempt) return null
  return conclude(job, { ...sheet, usage: addUsage(sheet.usage, event.usage) }, event.outcome, now)
}

function fireTimer(job: JobState, number: number, now: number): Change | null {
  const sheet = job.sheets.find((candidate) => candidate.number === number)
  if (!sheet || !isTimed(sheet) || job.intent !== 'run') return null
  // Clocks jump: a timer that comes early is set again.
  if (sheet.wakeAt !== null && sheet.wakeAt > now)
    return { job, effects: [{ type: 'set_timer', sheet: number, at: sheet.wakeAt }] }
  return { job: replaceSheet(job, { ...sheet, status: 'ready', wakeAt: null }), effects: [] }
}

const clearTimers = (job: JobState): readonly Effect[] =>
  job.sheets.filter(isTimed).map(({ number }) => ({ type: 'clear_timer', sheet: number }))

/**
 * Resume: failed, cancelled and blocked sheets get a fresh budget; finished ones stay finished. A backoff ends at once.
 * A rate limit is waited out, unless the job is already running and the user says "now".
 */
function resume(job: JobState, now: number): Change {
  const goOnNow = job.status === 'waiting'
  const effects: Effect[] = []
  const sheets = job.sheets.map((sheet): SheetState => {
    if (sheet.status === 'failed' || sheet.status === 'cancelled' || isBlocked(sheet)) {
      return { ...sheet, status: 'pending', failures: 0, rateLimitWaits: 0, error: null, completedAt: null }
    }
    if (sheet.status === 'waiting' && !goOnNow && sheet.wakeAt !== null && sheet.wakeAt > now) {
      effects.push({ type: 'set_timer', sheet: sheet.number, at: sheet.wakeAt })
      return sheet
    }
    if (isTimed(sheet)) {
      effects.push({ type: 'clear_timer', sheet: sheet.number })
      return { ...sheet, status: 'ready', wakeAt: null }
    }
    return job.hold === 'rate_limit' && sheet.rateLimitWaits > 0 ? { ...sheet, rateLimitWaits: 0 } : sheet
  })
  return {
    job: { ...job, sheets, intent: 'run', hold: null, survivors: [] },
    effects: [...effects, { type: 'announce_job', news: 'resumed' }],
  }
}

function react(job: JobState, event: JobEvent, now: number): Change | null {
  switch (event.type) {
    case 'start':
      return { job, effects: [] }
    case 'slot_granted':
      return grantSlot(job, event.sheet)
    case 'attempt_started':
      return startAttempt(job, event.sheet, event.attempt, now)
    case 'attempt_ended':
      return endAttempt(job, event, now)
    case 'timer_fired':
      return fireTimer(job, event.sheet, now)
    case 'pause':
      if (!isLegal(job, 'pause') || job.intent === 'pause') return null
      return { job: { ...job, intent: 'pause', hold: event.by }, effects: clearTimers(job) }
    case 'resume':
      return isLegal(job, 'resume') ? resume(job, now) : null
    case 'cancel': {
      if (!isLegal(job, 'cancel') || job.intent === 'cancel') return null
      const stops: readonly Effect[] = job.sheets
        .filter(isInFlight)
        .map(({ number, attempts }) => ({ type: 'stop_attempt', sheet: number, attempt: attempts }))
      return { job: { ...job, intent: 'cancel', hold: null }, effects: [...clearTimers(job), ...stops] }
    }
  }
}

/**
 * What an event makes of a job, and what has to be done about it. Pure: the same arguments give the same answer,
 * and the caller commits `state` before it carries out `effects`. An event that makes no sense changes nothing
 * and returns the very same state: terminal states absorb everything but the user's resume.
 *
 * @param now epoch ms
 */
export function decide(job: JobState, event: JobEvent, now: number): Decision {
  const change = react(job, event, now)
  if (change === null) return { state: job, effects: [] }
  const { state, effects } = settle(job, change.job, now)
  return { state, effects: [...change.effects, ...effects] }
}
