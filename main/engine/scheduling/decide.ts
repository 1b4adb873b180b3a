import { type Change, conclude, replaceSheet, switched } from './conclude.ts'
import { freeze, thaw, thawed } from './freezing.ts'
import { stationAt } from './graph.ts'
import { endedBefore, shifted, timeUp } from './job-clock.ts'
import { isLegal } from './legal.ts'
import { resume } from './resume.ts'
import { settle } from './settle.ts'
import { leftOut } from './sheet-changes.ts'
import { retrySheet, sheetRefusal, skipSheet } from './sheet-commands.ts'
import type {
  AttemptOutcome,
  Decision,
  Effect,
  FermataDecision,
  InstrumentSwitch,
  JobEvent,
  JobState,
  SheetState,
} from './state.ts'
import { isInFlight, isTerminalJob, isTimed } from './statuses.ts'
import { survivorsLeft } from './survivors.ts'
import { addUsage } from './usage.ts'

function grantSlot(job: JobState, sheet: SheetState, now: number): Change | null {
  if (sheet.status !== 'ready' || job.intent !== 'run' || job.frozen) return null
  const attempt = sheet.attempts + 1
  const notBefore = job.policy.staggerMs > 0 ? now + job.policy.staggerMs : null
  const started = replaceSheet(job, { ...sheet, status: 'dispatched', attempts: attempt, wakeAt: null })
  return {
    job: { ...started, servedAt: now, notBefore },
    effects: [{ type: 'start_attempt', sheet: sheet.number, attempt }],
  }
}

function startAttempt(
  job: JobState,
  sheet: SheetState,
  { attempt, warning = null }: Extract<JobEvent, { type: 'attempt_started' }>,
  now: number,
): Change | null {
  if (sheet.status !== 'dispatched' || sheet.attempts !== attempt) return null
  return {
    job: replaceSheet(job, { ...sheet, status: 'in_progress', note: warning, startedAt: sheet.startedAt ?? now }),
    effects: [{ type: 'announce_sheet', sheet: sheet.number, news: 'started' }],
  }
}

/** A check that fails is the work's fault, not the instrument's; a faulty score or prompt never came to the instrument. */
function countOutcome(job: JobState, sheet: SheetState, outcome: AttemptOutcome): readonly Effect[] {
  const { breaker } = job.policy
  if (outcome.kind !== 'succeeded' && outcome.kind !== 'failed') return []
  if (outcome.kind === 'failed' && /^E[346]/.test(outcome.error.code)) return []
  const failed = outcome.kind === 'failed' && !outcome.error.code.startsWith('E2')
  // A job without a breaker opens none, but its successes tell that the instrument works.
  return failed && !breaker ? [] : [{ type: 'count_outcome', instrument: stationAt(job, sheet).instrument, failed, breaker }]
}

function endAttempt(
  job: JobState,
  old: SheetState,
  event: Extract<JobEvent, { type: 'attempt_ended' }>,
  now: number,
): Change | null {
  // A late report of an attempt that is over must not touch the one that runs now.
  if (!isInFlight(old) || old.attempts !== event.attempt) return null
  const sheet = { ...old, usage: addUsage(old.usage, event.usage) }
  const { job: next, effects } = conclude(endedBefore(job, event.endedAt ?? now, now), sheet, event.outcome, now)
  const paced = job.policy.pauseBetweenMs > 0 && event.outcome.kind === 'succeeded' && !next.sheets.some(isInFlight)
  return {
    job: paced ? { ...next, notBefore: now + job.policy.pauseBetweenMs } : next,
    effects: [...effects, ...countOutcome(job, sheet, event.outcome)],
  }
}

function fireTimer(job: JobState, sheet: SheetState, now: number): Change | null {
  if (!isTimed(sheet) || job.intent !== 'run') return null
  // Clocks jump: a timer that comes early is set again.
  if (sheet.wakeAt !== null && sheet.wakeAt > now)
    return { job, effects: [{ type: 'set_timer', sheet: sheet.number, at: sheet.wakeAt }] }
  // Not ready at once: what it depends on may have come back meanwhile.
  return { job: replaceSheet(job, { ...sheet, status: 'pending', wakeAt: null }), effects: [] }
}

function clearLimit(job: JobState, sheet: SheetState): Change | null {
  if (sheet.status !== 'waiting') return null
  return {
    job: replaceSheet(job, { ...sheet, status: 'pending', wakeAt: null }),
    effects: [{ type: 'clear_timer', sheet: sheet.number }],
  }
}

function skip(job: JobState, sheet: SheetState, reason: string, now: number): Change | null {
  if (sheet.status !== 'ready') return null
  return {
    job: replaceSheet(job, { ...sheet, status: 'skipped', note: reason, error: null, completedAt: now }),
    effects: [{ type: 'announce_sheet', sheet: sheet.number, news: 'skipped' }],
  }
}

function hold(job: JobState, sheet: SheetState, reason: string): Change | null {
  if (sheet.status !== 'ready' || sheet.released) return null
  return {
    job: replaceSheet(job, { ...sheet, status: 'fermata', note: reason }),
    effects: [{ type: 'announce_sheet', sheet: sheet.number, news: 'fermata' }],
  }
}

function switchInstrument(job: JobState, sheet: SheetState, reason: InstrumentSwitch['reason'], now: number): Change | null {
  const other = sheet.status === 'ready' ? switched(job, sheet, reason, now) : null
  return other && { job: replaceSheet(job, other), effects: [{ type: 'announce_sheet', sheet: sheet.number, news: 'switched' }] }
}

/** A person decided on a sheet that waited for them (Marianne §1.3). */
function decideFermata(job: JobState, sheet: SheetState, decision: FermataDecision, now: number): Change | null {
  if (sheet.status !== 'fermata') return null
  const decided = (next: SheetState, news: Extract<Effect, { type: 'announce_sheet' }>['news']): Change => ({
    job: replaceSheet(job, next),
    effects: [{ type: 'announce_sheet', sheet: sheet.number, news }],
  })
  const error = sheet.error ?? { code: 'E999', message: 'You let it fail' }
  switch (decision) {
    case 'accept':
      return decided({ ...sheet, status: 'completed', note: 'Accepted by you', error: null, completedAt: now }, 'completed')
    case 'retry': {
      const fresh = {
        failures: 0,
        completions: 0,
        rateLimitWaits: 0,
        quotaWaits: 0,
        mode: 'normal',
        choice: 0,
        note: null,
        released: true,
      } as const
      return { job: replaceSheet(job, { ...sheet, ...fresh, status: 'pending' }), effects: [] }
    }
    case 'skip':
      return decided(leftOut(sheet, now), 'skipped')
    case 'fail':
      return decided({ ...sheet, status: 'failed', note: null, error, completedAt: now }, 'failed')
  }
}

function reactSheet(job: JobState, event: Extract<JobEvent, { sheet: number }>, now: number): Change | null {
  const sheet = job.sheets[event.sheet - 1]
  if (!sheet) return null
  switch (event.type) {
    case 'slot_granted':
      return grantSlot(job, sheet, now)
    case 'attempt_started':
      return startAttempt(job, sheet, event, now)
    case 'attempt_ended':
      return endAttempt(job, sheet, event, now)
    case 'timer_fired':
      return fireTimer(job, sheet, now)
    case 'limit_cleared':
      return clearLimit(job, sheet)
    case 'skip':
      return skip(job, sheet, event.reason, now)
    case 'hold':
      return hold(job, sheet, event.reason)
    case 'switch':
      return switchInstrument(job, sheet, event.reason, now)
    case 'decision':
      return decideFermata(job, sheet, event.decision, now)
    case 'retry_sheet':
      return sheetRefusal(job, sheet.number, 'retry') === null && sheet.asked !== 'retry' ? retrySheet(job, sheet) : null
    case 'skip_sheet':
      return sheetRefusal(job, sheet.number, 'skip') === null && sheet.asked !== 'skip' ? skipSheet(job, sheet, now) : null
  }
}

function react(job: JobState, event: JobEvent, now: number): Change | null {
  if ('sheet' in event) return reactSheet(job, event, now)
  switch (event.type) {
    case 'start': {
      // Hooks that an earlier Fermata began may not have come to their end, nor to the stop that was asked for.
      const hooks: readonly Effect[] =
        job.intent === 'cancel' ? [{ type: 'run_hooks' }, { type: 'stop_hooks' }] : [{ type: 'run_hooks' }]
      return { job, effects: job.hooks === 'running' && !isTerminalJob(job.status) ? hooks : [] }
    }
    case 'pause':
      if (job.intent === 'pause' || !(isLegal(job, 'pause') || (event.by === 'return' && job.frozen))) return null
      return { job: { ...job, intent: 'pause', hold: event.by }, effects: [] }
    case 'resume':
      return isLegal(job, 'resume') ? resume(job, now) : null
    case 'hook_done':
      return job.hooks === 'running' && !job.hooksDone.includes(event.hook)
        ? { job: { ...job, hooksDone: [...job.hooksDone, event.hook] }, effects: [] }
        : null
    case 'hooks_ended':
      return job.hooks === 'running'
        ? { job: { ...job, hooks: event.error === null ? 'done' : 'failed', hookError: event.error }, effects: [] }
        : null
    case 'cancel': {
      if (!isLegal(job, 'cancel') || job.intent === 'cancel') return null
      const stops: readonly Effect[] = job.sheets
        .filter(isInFlight)
        .map(({ number }) => ({ type: 'stop_attempt', sheet: number }))
      const hooks: readonly Effect[] = job.hooks === 'running' ? [{ type: 'stop_hooks' }] : []
      // Stopping thaws what is frozen, in the right order.
      return { job: { ...job, intent: 'cancel', hold: null, frozen: null }, effects: [...stops, ...hooks] }
    }
    case 'freeze':
      return isLegal(job, 'freeze') ? freeze(job, event.by, now) : null
    case 'thaw':
      return thaw(job, now)
    case 'thaw_granted':
      return job.frozen?.thawing ? thawed(job, now) : null
    case 'time_up':
      return timeUp(job, now)
    case 'time_shifted':
      return shifted(job, event)
    case 'survivors_ended': {
      const survivors = survivorsLeft(job.survivors, event)
      return survivors === job.survivors ? null : { job: { ...job, survivors }, effects: [] }
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
