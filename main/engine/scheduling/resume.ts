import type { Change } from './conclude.ts'
import { silenceAccepted, thaw } from './freezing.ts'
import { again } from './sheet-changes.ts'
import type { Effect, JobState, SheetState } from './state.ts'
import { isBlocked, isTimed } from './statuses.ts'

/** A hold ends by itself: what was done or failed meanwhile stays so, and waits go on. */
export function goOn(job: JobState): Change {
  const timers = job.sheets.flatMap((sheet): Effect[] =>
    isTimed(sheet) && sheet.wakeAt !== null ? [{ type: 'set_timer', sheet: sheet.number, at: sheet.wakeAt }] : [],
  )
  return { job: { ...job, intent: 'run', hold: null }, effects: [...timers, { type: 'announce_job', news: 'resumed' }] }
}

/**
 * Resume (Marianne §2.2): failed, cancelled and blocked sheets get a fresh budget; finished ones stay finished. A backoff
 * ends at once. A rate limit is waited out, unless the job is already waiting and the user says "now".
 */
export function resume(frozen: JobState, now: number): Change {
  const { job, effects: thawing } = (frozen.frozen && thaw(frozen, now)) ?? { job: silenceAccepted(frozen), effects: [] }
  const goOnNow = job.status === 'waiting'
  const effects: Effect[] = [...thawing]
  const sheets = job.sheets.map((sheet): SheetState => {
    if (sheet.status === 'failed' || sheet.status === 'cancelled' || isBlocked(sheet)) return again(sheet)
    if (sheet.status === 'waiting' && !goOnNow && sheet.wakeAt !== null && sheet.wakeAt > now) {
      effects.push({ type: 'set_timer', sheet: sheet.number, at: sheet.wakeAt })
      return sheet
    }
    if (isTimed(sheet)) {
      effects.push({ type: 'clear_timer', sheet: sheet.number })
      // Not ready at once: a score read anew may let it wait for others.
      return { ...sheet, status: 'pending', wakeAt: null }
    }
    return job.hold === 'rate_limit' && sheet.status === 'pending' ? { ...sheet, rateLimitWaits: 0, quotaWaits: 0 } : sheet
  })
  // After failed hooks they are what is to be done again, though no sheet is.
  const after = { hooks: 'due', hookError: null } as const
  // Whoever lets a job go on that ran too long gives it as much time again.
  const ranMs = job.hold === 'timeout' ? 0 : job.ranMs
  return {
    job: { ...job, ...after, sheets, ranMs, intent: 'run', hold: null, notBefore: null },
    effects: [...effects, { type: 'announce_job', news: 'resumed' }],
  }
}
