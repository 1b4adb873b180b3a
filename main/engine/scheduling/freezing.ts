import type { Change } from './conclude.ts'
import type { Effect, Frozen, JobState, SheetState } from './state.ts'
import { isInFlight } from './statuses.ts'

/** Services close connections that are silent for about so long (ms). */
const CONNECTION_LIVES_MS = 5 * 60_000

const onFlights = (job: JobState, type: 'freeze_attempt' | 'thaw_attempt'): readonly Effect[] =>
  job.sheets.filter(isInFlight).map(({ number }) => ({ type, sheet: number }))

/**
 * SIGSTOP for all that runs of the job, now; nothing of it starts until it thaws. What was frozen already its user may want to
 * stay so: it does not thaw by itself any more. Null when that changes nothing.
 */
export function freeze(job: JobState, by: Frozen['by'], now: number): Change | null {
  if (job.frozen) {
    const isTheirs = by === 'pressure' || (job.frozen.by === 'user' && !job.frozen.thawing)
    return isTheirs ? null : { job: { ...job, frozen: { ...job.frozen, by, thawing: false } }, effects: [] }
  }
  return {
    job: { ...job, frozen: { since: now, by, thawing: false } },
    effects: [...onFlights(job, 'freeze_attempt'), { type: 'announce_job', news: 'frozen' }],
  }
}

/** Lets a frozen job go on: at once if it kept its slots, else when there are some again. */
export function thaw(frozen: JobState, now: number): Change | null {
  const job = silenceAccepted(frozen)
  if (job.frozen === null || job.frozen.thawing) return null
  if (job.policy.frozenHoldsSlot) return thawed(job, now)
  return { job: { ...job, frozen: { ...job.frozen, thawing: true } }, effects: [] }
}

/** Whoever lets a job go on though a sheet of it does not tell what it uses accepts that. */
export function silenceAccepted(job: JobState): JobState {
  if (!job.sheets.some(({ unmetered }) => unmetered === 'yes')) return job
  const accepted = (sheet: SheetState): SheetState => (sheet.unmetered === 'yes' ? { ...sheet, unmetered: 'accepted' } : sheet)
  return { ...job, sheets: job.sheets.map(accepted) }
}

/** It stands still until its user says otherwise. */
export const waitsForThaw = ({ frozen }: JobState): boolean =>
  frozen !== null && !frozen.thawing && (frozen.by === 'user' || frozen.by === 'budget')

/** SIGCONT. Whoever was frozen for long finds its connection gone: that is told beforehand, not when it fails. */
export function thawed(job: JobState, now: number): Change | null {
  const { frozen } = job
  if (frozen === null) return null
  const stood = now - frozen.since
  const note = `It stood still for ${minutes(stood)} min: its connection to the service has likely timed out`
  const warned = (sheet: SheetState): SheetState =>
    isInFlight(sheet) && stood >= CONNECTION_LIVES_MS ? { ...sheet, note } : sheet
  return {
    job: { ...job, frozen: null, sheets: stood >= CONNECTION_LIVES_MS ? job.sheets.map(warned) : job.sheets },
    effects: [...onFlights(job, 'thaw_attempt'), { type: 'announce_job', news: 'thawed' }],
  }
}

const minutes = (ms: number): number => Math.round(ms / 60_000)
