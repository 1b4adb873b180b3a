import type { Effect, JobEvent, JobState, SheetState } from './state.ts'
import { isInFlight, isTerminalJob, isTimed } from './statuses.ts'

/** How long sheets of the job ran up to `now`, in ms; time it was held, frozen or asleep does not count. */
export const ranFor = ({ ranMs, runningSince }: Pick<JobState, 'ranMs' | 'runningSince'>, now: number): number =>
  ranMs + (runningSince === null ? 0 : Math.max(0, now - runningSince))

/** When the job's time is up if nothing holds it, as epoch ms; null when its clock stands or has no limit. */
export const timeUpAt = ({ policy: { maxRunMs }, ranMs, runningSince }: JobState): number | null =>
  maxRunMs === null || runningSince === null ? null : runningSince + maxRunMs - ranMs

/** Lets the clock run exactly while a sheet is in flight and not frozen. */
export function wound(job: JobState, now: number): JobState {
  const runs = job.frozen === null && job.sheets.some(isInFlight)
  if (runs === (job.runningSince !== null)) return job
  return { ...job, ranMs: ranFor(job, now), runningSince: runs ? now : null }
}

/** The job after a step, with its start noted by the other clock too when it has another one. */
export const clocked = (before: JobState, after: JobState, now: number, awake: number): JobState =>
  after.runningSince === before.runningSince
    ? after
    : { ...after, runningAwake: after.runningSince === null ? null : after.runningSince + awake - now }

/**
 * By how much more (or, for a clock that was set back, less) the wall clock went on than the computer was awake since the job's
 * clock began to run, in ms: what happened while Fermata was away is no run time. 0 where that is not known, as after a restart
 * of the computer.
 */
export function missedShift({ runningSince, runningAwake }: JobState, now: number, awake: number): number {
  if (runningSince === null || runningAwake === null || awake < runningAwake) return 0
  const missed = now - runningSince - (awake - runningAwake)
  return Math.abs(missed) < NOTICEABLE_MS ? 0 : missed
}

/** A smaller difference between two clocks is nobody's doing. */
const NOTICEABLE_MS = 2000

/** The job with its clock stopped at `endedAt`, if the last of its sheets in flight ended then, before anybody watched. */
export function endedBefore(job: JobState, endedAt: number, now: number): JobState {
  const isLast = job.sheets.filter(isInFlight).length === 1
  if (job.runningSince === null || !isLast || endedAt >= now) return job
  return { ...job, runningSince: Math.min(now, job.runningSince + now - Math.max(endedAt, job.runningSince)) }
}

/** What the step from `before` to `after` means for the job's alarm. */
export const clockEffects = (before: JobState, after: JobState): readonly Effect[] =>
  timeUpAt(after) === timeUpAt(before) ? [] : [{ type: 'set_clock' }]

/** The job used up its time: it is ended as if cancelled, and counts as failed. Null when the alarm came too early. */
export function timeUp(job: JobState, now: number): { job: JobState; effects: readonly Effect[] } | null {
  const { maxRunMs } = job.policy
  if (isTerminalJob(job.status) || job.intent === 'cancel' || job.runningSince === null || maxRunMs === null) return null
  if (ranFor(job, now) < maxRunMs) return { job, effects: [{ type: 'set_clock' }] }
  const stops = job.sheets.filter(isInFlight).map(({ number }): Effect => ({ type: 'stop_attempt', sheet: number }))
  return { job: { ...job, intent: 'cancel', hold: 'timeout' }, effects: stops }
}

/**
 * The computer slept, or someone set its clock. What is counted as run time leaves the sleep out; waits that were computed
 * from the wall clock move with it, so that an hour stays an hour.
 */
export function shifted(
  job: JobState,
  { sleptMs, jumpedMs }: Extract<JobEvent, { type: 'time_shifted' }>,
): { job: JobState; effects: readonly Effect[] } | null {
  if (isTerminalJob(job.status)) return null
  const moved = (at: number | null): number | null => (at === null ? null : at + jumpedMs)
  const effects: Effect[] = []
  const sheets =
    jumpedMs === 0
      ? job.sheets
      : job.sheets.map((sheet): SheetState => {
          if (!isTimed(sheet) || sheet.wakeAt === null) return sheet
          if (job.intent === 'run') effects.push({ type: 'set_timer', sheet: sheet.number, at: sheet.wakeAt + jumpedMs })
          return { ...sheet, wakeAt: sheet.wakeAt + jumpedMs }
        })
  const runningSince = job.runningSince === null ? null : job.runningSince + sleptMs + jumpedMs
  if (jumpedMs === 0 && runningSince === job.runningSince) return null
  const frozen = job.frozen && { ...job.frozen, since: job.frozen.since + jumpedMs }
  return {
    job: { ...job, sheets, runningSince, frozen, notBefore: moved(job.notBefore), statusSince: job.statusSince + jumpedMs },
    effects,
  }
}
