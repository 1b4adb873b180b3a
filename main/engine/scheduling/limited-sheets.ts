import { stationAt } from './graph.ts'
import type { JobState, SheetState, Station } from './state.ts'
import { isTerminalJob } from './statuses.ts'

/** The limit of the first station holds for the second one: it is the same, or the whole instrument. */
export const covers = (limit: Station, station: Station): boolean =>
  limit.instrument === station.instrument && (limit.model === null || limit.model === station.model)

/** The sheets that wait for their instrument, of all jobs, and for which `wanted` holds. */
export function waitingSheets(
  jobs: readonly JobState[],
  wanted: (station: Station, sheet: SheetState) => boolean,
): readonly { readonly jobId: string; readonly sheet: number }[] {
  return jobs
    .filter(({ status }) => !isTerminalJob(status))
    .flatMap((job) =>
      job.sheets
        .filter((sheet) => sheet.status === 'waiting' && wanted(stationAt(job, sheet), sheet))
        .map(({ number }) => ({ jobId: job.id, sheet: number })),
    )
}

/** How many sheets of all jobs could go on if the instrument could be used: those that met its limit, and those that are ready. */
export function limitedSheets(jobs: readonly JobState[], instrument: string, isShut: (station: Station) => boolean): number {
  const counted = (job: JobState, sheet: SheetState): boolean => {
    if (sheet.status !== 'waiting' && sheet.status !== 'ready') return false
    const station = stationAt(job, sheet)
    return station.instrument === instrument && (sheet.status === 'waiting' || isShut(station))
  }
  return jobs
    .filter(({ status }) => !isTerminalJob(status))
    .reduce((sum, job) => sum + job.sheets.filter((sheet) => counted(job, sheet)).length, 0)
}

/** A wait for an instrument; `until` is epoch ms, null when it ends by its user's word only. */
interface Wait extends Station {
  readonly cause: 'rate_limit' | 'rest' | 'login'
  readonly until: number | null
}

/**
 * What the job's sheets wait for that wait for their instrument, or would if it was their turn: first what its user can do
 * something about, then what ends first. Null when it is nothing.
 *
 * @param waitFor what keeps a station from being used now
 */
export function limitWaitOf<W extends Wait>(job: JobState, waitFor: (station: Station) => W | null): W | null {
  if (job.intent !== 'run' || isTerminalJob(job.status)) return null
  const known = new Map<string, W | null>()
  for (const sheet of job.sheets) {
    if (sheet.status !== 'waiting' && sheet.status !== 'ready') continue
    const station = stationAt(job, sheet)
    const key = `${station.instrument}\n${station.model ?? ''}`
    if (!known.has(key)) known.set(key, waitFor(station))
  }
  const rank = ({ cause, until }: Wait): number => (cause === 'login' ? -1 : (until ?? Number.MAX_VALUE))
  return [...known.values()].filter((wait) => wait !== null).sort((a, b) => rank(a) - rank(b))[0] ?? null
}
