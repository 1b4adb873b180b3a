import { overrunOf } from './budgets.ts'
import { type Change, conclude, replaceSheet, switched } from './conclude.ts'
import { freeze, thaw, thawed, waitsForThaw } from './freezing.ts'
import { stationAt } from './graph.ts'
import { endedBefore, shifted, timeUp } from './job-clock.ts'
import { isLegal } from './legal.ts'
import { goOn, resume } from './resume.ts'
import { settle } from './settle.ts'
import { leftOut } from './sheet-changes.ts'
import { retrySheet, sheetRefusal, skipSheet } from './sheet-commands.ts'
import type {
  AttemptOutcome,
  Budgets,
  Decision,
  Effect,
  FermataDecision,
  InstrumentSwitch,
  JobEvent,
  JobState,
  SheetState,
  Survivor,
} from './state.ts'
import { isInFlight, isTerminalJob, isTimed } from './statuses.ts'
import { joined, survivorsLeft } from './survivors.ts'
import { addUsage } from './usage.ts'

function beginLook(job: JobState, sheet: SheetState): Change | null {
  if (sheet.status !== 'ready' || job.intent !== 'run' || job.frozen || job.looking.includes(sheet.number)) return null
  return { job: { ...job, looking: [...job.looking, sheet.number] }, effects: [{ type: 'look', sheet: sheet.number }] }
}

function endLook(job: JobState, { number }: SheetState, left: readonly Survivor[]): Change | null {
  if (!job.looking.includes(number)) return null
  const looking = job.looking.filter((one) => one !== number)
  return { job: { ...job, looking, survivors: joined(job.survivors, left) }, effects: [] }
}

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

/** A check that fails is the work's fault, not the instrument's; a faulty score or prompt never came to the instrument, and a login is its user's. */
function countOutcome(job: JobState, sheet: SheetState, outcome: AttemptOutcome): readonly Effect[] {
  const { breaker } = job.policy
  if (outcome.kind !== 'succeeded' && outcome.kind !== 'failed') return []
  if (outcome.kind === 'failed' && /^(E[346]|E502)/.test(outcome.error.code)) return []
  const failed = outcome.kind === 'failed' && !outcome.error.code.startsWith('E2')
  // A job without a breaker opens none, but its successes tell that the instrument works.
  return failed && !breaker ? [] : [{ type: 'count_outcome', station: stationAt(job, sheet), failed, breaker }]
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

function moveLimit(job: JobState, sheet: SheetState, until: number | null): Change | null {
  if (sheet.status !== 'waiting' || sheet.wakeAt === until) return null
  const timer: readonly Effect[] =
    until === null
      ? [{ type: 'clear_timer', sheet: sheet.number }]
      : job.intent === 'run'
        ? [{ type: 'set_timer', sheet: sheet.number, at: until }]
        : []
  return { job: replaceSheet(job, { ...sheet, wakeAt: until }), effects: timer }
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

function meter(job: JobState, sheet: SheetState, event: Extract<JobEvent, { type: 'metered' }>): Change | null {
  if (!isInFlight(sheet) || sheet.attempts !== event.attempt) return null
  // What its user accepted stays accepted until there are figures again.
  const unmetered = !event.silent ? 'no' : sheet.unmetered === 'accepted' ? 'accepted' : 'yes'
  return { job: replaceSheet(job, { ...sheet, live: event.usage ?? sheet.live, unmetered }), effects: [] }
}

/** Other budgets: a job that one of them held goes on where it is not used up any more. One that is over may be resumed then. */
function changeBudgets(job: JobState, budgets: Budgets, now: number): Change | null {
  if (job.status === 'completed') return null
  const changed: JobState = { ...job, policy: { ...job.policy, budgets } }
  const same: Change = { job: changed, effects: [] }
  if (isTerminalJob(job.status) || job.intent === 'cancel' || overrunOf(changed)) return same
  if (changed.frozen?.by === 'budget') return thaw(changed, now) ?? same
  return changed.hold === 'budget' && changed.intent === 'pause' ? goOn(changed) : same
}

function reactSheet(job: JobState, event: Extract<JobEvent, { sheet: number }>, now: number): Change | null {
  const sheet = job.sheets[event.sheet - 1]
  if (!sheet) return null
  switch (event.type) {
    case 'look_begun':
      return beginLook(job, sheet)
    case 'look_ended':
      return endLook(job, sheet, event.survivors)
    case 'slot_granted':
      return grantSlot(job, sheet, now)
    case 'attempt_started':
      return startAttempt(job, sheet, event, now)
    case 'attempt_ended':
      return endAttempt(job, sheet, event, now)
    case 'metered':
      return meter(job, sheet, event)
    case 'timer_fired':
      return fireTimer(job, sheet, now)
    case 'limit_cleared':
      return clearLimit(job, sheet)
    case 'limit_moved':
      return moveLimit(job, sheet, event.until)
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
      if (job.intent === 'pause' || !isLegal(job, 'pause')) return null
      // Nothing of it goes on before its user thaws it: that is their word, and one is enough.
      if (event.by === 'return' && waitsForThaw(job)) return null
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
      return { job: { ...job, intent: 'cancel', hold: event.by ?? null, frozen: null }, effects: [...stops, ...hooks] }
    }
    case 'freeze':
      return isLegal(job, 'freeze') ? freeze(job, event.by, now) : null
    case 'thaw':
      return thaw(job, now)
    case 'thaw_granted':
      return job.frozen?.thawing ? thawed(job, now) : null
    case 'budgets_changed':
      return changeBudgets(job, event.budgets, now)
    case 'time_up':
      return timeUp(job, now)
    case 'time_shifted':
      return shifted(job, event)
    case 'leftovers_ended':
      return job.leftoversDue
        ? { job: { ...job, leftoversDue: false, survivors: joined(job.survivors, event.survivors) }, effects: [] }
        : null
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
