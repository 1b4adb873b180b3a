import type { JobStatus, JobSummary } from './contract.ts'

/** What a job is called: its status, or what is under way with it. */
export type JobWord = JobStatus | 'cancelling' | 'thawing' | 'freezing' | 'frozen' | 'checking'

type Worded = Pick<JobSummary, 'status' | 'cancelling' | 'frozen' | 'running'>

/** One word for window and tray. Status and liveness are different facts: what has no process left is not called running. */
export function wordOfJob({ status, cancelling, frozen, running }: Worded): JobWord {
  if (cancelling) return 'cancelling'
  if (frozen?.thawing) return 'thawing'
  // What still runs is not called frozen, whatever was asked for.
  if (frozen) return running.some(({ phase }) => phase === 'running') ? 'freezing' : 'frozen'
  if (status === 'running' && running.length > 0 && running.every(({ phase }) => phase === 'checking')) return 'checking'
  return status
}

/** Why a job is as it is; names also the sheets that wait for a person while others run. */
export function reasonOfJob({ reason, status, sheetStatuses }: Pick<JobSummary, 'reason' | 'status' | 'sheetStatuses'>): string {
  if (status !== 'running' && status !== 'pausing') return reason
  const held = sheetStatuses.flatMap((sheet, index) => (sheet === 'fermata' ? [index + 1] : []))
  const [first] = held
  if (first === undefined) return reason
  return `${reason}. ${held.length === 1 ? `Sheet ${first} waits` : `${held.length} sheets wait`} for your decision`
}

/** An instrument, and its model where it is about one: `claude-code (opus)`. */
export const stationName = (instrument: string, model: string | null): string =>
  model === null ? instrument : `${instrument} (${model})`
