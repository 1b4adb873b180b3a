import type { Disposer, EngineEvent, OutputProtocol } from '../ports.ts'
import type { JobDetail } from '../views.ts'
import { describeCost, describeJobEvent, describeSheetEvent } from './describe-event.ts'

/** What is needed of an engine to report on it. */
export interface OutputSource {
  readonly events: { on(listener: (event: EngineEvent) => void): Disposer }
  readonly jobs: { status(jobId: string): Promise<JobDetail> }
}

export interface AttachedOutput {
  /** Unsubscribes; resolves when everything that had happened until then is reported. Calling it twice is harmless. */
  detach(): Promise<void>
}

interface Told {
  completed: number | null
  cost: string
}

/**
 * Reports what happens to one job to `output`, in order: each event in Marianne's words, `progress` when a sheet is done, and the
 * job event `cost_update` when tokens or cost have grown.
 * @param jobId May still be on its way: events are kept until it is known, and dropped when it never will be.
 * @param onProblem Told when `output` throws or the job cannot be looked up; the events that follow are reported all the same.
 */
export function attachOutput(
  source: OutputSource,
  output: OutputProtocol,
  jobId: Promise<string>,
  onProblem: (error: unknown) => void,
): AttachedOutput {
  const told: Told = { completed: null, cost: '' }
  let refresh: string | null = null
  let queue: Promise<unknown> = jobId.catch(() => null)

  const report = async (event: EngineEvent) => {
    if (event.type === 'changed') refresh = null
    if (event.jobId !== (await jobId.catch(() => null))) return
    const job = await source.jobs.status(event.jobId)
    if (event.type === 'sheet') {
      for (const { event: name, data } of describeSheetEvent(event, job)) output.sheetEvent(job.id, event.sheet, name, data)
    } else if (event.type === 'job') {
      const { event: name, data } = describeJobEvent(event, job)
      output.jobEvent(job.id, name, data)
    }
    reportStanding(output, job, told)
  }

  const stop = source.events.on((event) => {
    // However often a job changes, it is looked up once per turn of the queue.
    if (event.type === 'changed') {
      if (refresh === event.jobId) return
      refresh = event.jobId
    }
    queue = queue.then(() => report(event)).catch(onProblem)
  })
  return {
    async detach() {
      stop()
      await queue
    },
  }
}

function reportStanding(output: OutputProtocol, job: JobDetail, told: Told): void {
  const cost = describeCost(job.usage)
  const spent = JSON.stringify(cost)
  const nothing = job.usage.inputTokens + job.usage.outputTokens === 0 && job.usage.costUsd === null
  if (spent !== told.cost && !nothing) output.jobEvent(job.id, 'cost_update', cost)
  told.cost = spent
  if (job.completedSheets !== told.completed) output.progress(job.id, job.completedSheets, job.totalSheets, etaSeconds(job))
  told.completed = job.completedSheets
}

/**
 * How its sheets went before says it best; else Marianne §5.1: the mean duration of a sheet times the sheets that remain. Null
 * before the first one is done.
 */
export function etaSeconds(job: JobDetail): number | null {
  const expected = job.forecast?.remainingMs?.mid ?? null
  if (expected !== null) return expected / 1000
  const durations = job.sheets.flatMap(({ status, startedAt, completedAt }) =>
    status === 'completed' && startedAt !== null && completedAt !== null ? [completedAt - startedAt] : [],
  )
  if (durations.length === 0) return null
  const mean = durations.reduce((sum, duration) => sum + duration, 0) / durations.length
  return ((job.totalSheets - job.completedSheets) * mean) / 1000
}
