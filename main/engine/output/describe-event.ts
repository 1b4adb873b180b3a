import type { EngineEvent } from '../ports.ts'
import type { JobNews, SheetNews, Usage } from '../scheduling/state.ts'
import type { JobDetail, SheetView } from '../views.ts'

/** An event as outputs are told it: Marianne's name for it (§5.1, §5.2) and its data, with Marianne's keys. */
export interface Report {
  readonly event: string
  readonly data: Readonly<Record<string, unknown>>
}

type JobEvent = Extract<EngineEvent, { type: 'job' }>
type SheetEvent = Extract<EngineEvent, { type: 'sheet' }>

const jobWords: Partial<Record<JobNews, string>> = { resumed: 'resuming' }
const sheetWords: Partial<Record<SheetNews, string>> = { rate_limited: 'rate_limit.active' }

/**
 * Job events: `started`, `resuming`, `pausing`, `paused`, `waiting`, `interrupted`, `completed`, `failed`, `cancelled`,
 * `budget_warning`, `budget_limit`. Each
 * tells the whole standing of the job: counts of sheets, tokens, `total_cost` in USD (null when nobody said a price),
 * `duration_seconds` since it first started (null before), `resume_at` (ISO 8601) of a waiting one.
 */
export function describeJobEvent(event: JobEvent, job: JobDetail): Report {
  const end = job.completedAt ?? event.at
  return {
    event: jobWords[event.news] ?? event.news,
    data: {
      name: job.name,
      reason: event.reason,
      status: job.status,
      instrument: job.instrument,
      workspace: job.workspace,
      total_sheets: job.totalSheets,
      completed_sheets: job.completedSheets,
      failed_sheets: job.sheetStatuses.filter((status) => status === 'failed').length,
      duration_seconds: seconds(job.startedAt, end),
      resume_at: job.wakeAt === null ? null : new Date(job.wakeAt).toISOString(),
      ...describeCost(job.usage),
    },
  }
}

/**
 * The tokens and US dollars spent so far: data of the job event `cost_update`, and part of every other one. Where they are not
 * certain also how sure they are, what it may have cost at least and at most, and the tokens whose price nobody knows.
 */
export function describeCost(usage: Usage): Readonly<Record<string, number | string | null>> {
  return {
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cache_read_tokens: usage.cacheReadTokens,
    cache_write_tokens: usage.cacheWriteTokens,
    total_cost: usage.costUsd,
    ...(usage.costRange ? { cost_low: usage.costRange[0], cost_high: usage.costRange[1] } : {}),
    ...(usage.unpricedTokens ? { unpriced_tokens: usage.unpricedTokens } : {}),
    ...(usage.confidence && usage.confidence !== 'exact' ? { confidence: usage.confidence } : {}),
  }
}

/**
 * Sheet events: `started`, `completed`, `failed`, `retrying`, `rate_limit.active`, `lost`, `cancelled`; an attempt whose work
 * was checked tells `validation_passed` or `validation_failed` before. `wait_seconds` is the time until the next attempt,
 * `duration_seconds` the time since the first one began.
 */
export function describeSheetEvent(event: SheetEvent, job: JobDetail): readonly Report[] {
  const sheet = job.sheets.find(({ number }) => number === event.sheet)
  const data = { attempt: event.attempt, total_sheets: job.totalSheets }
  if (!sheet || event.news === 'started') {
    const mode = event.attempt > 1 ? 'retry' : 'normal'
    return [{ event: event.news, data: { ...data, execution_mode: mode } }]
  }
  return [
    ...validationReport(event, sheet),
    {
      event: sheetWords[event.news] ?? event.news,
      data: {
        ...data,
        ...(event.reason === '' ? {} : { reason: event.reason }),
        ...(sheet.error ? { error_code: sheet.error.code } : {}),
        ...(sheet.wakeAt === null
          ? {}
          : { wait_seconds: Math.max(0, (sheet.wakeAt - event.at) / 1000), resume_at: new Date(sheet.wakeAt).toISOString() }),
        duration_seconds: seconds(sheet.startedAt, sheet.completedAt ?? event.at),
        ...describeCost(sheet.usage),
      },
    },
  ]
}

function validationReport(event: SheetEvent, { validation }: SheetView): readonly Report[] {
  const checked = event.news === 'completed' || event.news === 'failed' || event.news === 'retrying'
  if (!checked || validation === null || validation.total === 0) return []
  const { passed, total, failures } = validation
  return [
    {
      event: passed === total ? 'validation_passed' : 'validation_failed',
      data: {
        attempt: event.attempt,
        passed_count: passed,
        failed_count: total - passed,
        pass_rate: (100 * passed) / total,
        failures,
      },
    },
  ]
}

function seconds(from: number | null, to: number): number | null {
  return from === null ? null : Math.max(0, to - from) / 1000
}
