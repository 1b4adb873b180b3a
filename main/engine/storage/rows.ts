import { z } from 'zod'
import type { Diagnostic } from '../errors.ts'
import type { AttemptRecord } from '../ports.ts'
import { type Budget, CONFIDENCES, type JobPolicy, type JobState, type SheetState, type Usage } from '../scheduling/state.ts'
import { scoreSchema } from '../score/schema/index.ts'
import type { Score } from '../score/score.ts'

/**
 * What a row must look like to be believed. Strict: a field nobody knows any more would be lost with the next write. What an
 * earlier Fermata did not write yet has a default.
 */

const jobStatus = z.enum(['queued', 'running', 'pausing', 'paused', 'waiting', 'interrupted', 'completed', 'failed', 'cancelled'])
const sheetStatus = z.enum([
  'pending',
  'ready',
  'dispatched',
  'in_progress',
  'waiting',
  'retry_scheduled',
  'fermata',
  'completed',
  'failed',
  'skipped',
  'cancelled',
])

/** Epoch ms. */
const time = z.number()
const count = z.number()

export const usage: z.ZodType<Usage> = z.strictObject({
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: count,
  cacheWriteTokens: count,
  costUsd: z.number().nullable(),
  costRange: z.tuple([z.number(), z.number()]).exactOptional(),
  unpricedTokens: count.exactOptional(),
  confidence: z.enum(CONFIDENCES).exactOptional(),
  source: z.string().exactOptional(),
})

const mode = z.enum(['normal', 'completion'])

export const sheetState: z.ZodType<SheetState> = z.strictObject({
  number: count,
  status: sheetStatus,
  attempts: count,
  failures: count,
  completions: count,
  mode,
  rateLimitWaits: count,
  quotaWaits: count,
  choice: count,
  switches: z.array(
    z.strictObject({
      from: z.string(),
      to: z.string(),
      reason: z.enum(['rate_limit', 'auth_failure', 'unavailable', 'exhausted']),
      at: time,
    }),
  ),
  note: z.string().nullable(),
  released: z.boolean(),
  asked: z.enum(['retry', 'skip', 'fail']).nullable().default(null),
  losses: count.default(0),
  wakeAt: time.nullable(),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  validation: z.strictObject({ passed: count, total: count, failures: z.array(z.string()), skipped: count }).nullable(),
  usage,
  live: usage.nullable().default(null),
  unmetered: z.enum(['no', 'yes', 'accepted']).default('no'),
  startedAt: time.nullable(),
  completedAt: time.nullable(),
})

/** Earlier ones are pids alone. */
const survivor = z.union([
  z.strictObject({ pid: z.number(), startTime: z.string() }),
  z.number().transform((pid) => ({ pid, startTime: '' })),
])

const budget: z.ZodType<Budget> = z.strictObject({
  tokens: count.nullable(),
  usd: z.number().nullable(),
  warnPercent: z.number(),
  action: z.enum(['notify', 'pause', 'freeze', 'cancel']),
})

const NO_BUDGET: Budget = { tokens: null, usd: null, warnPercent: 80, action: 'pause' }

/** What stood in the place of budgets. */
const earlierBudgets = {
  maxCostPerSheet: z.number().nullable().default(null),
  maxCostPerJob: z.number().nullable().default(null),
  costWarnPercent: z.number().default(NO_BUDGET.warnPercent),
}

const policy: z.ZodType<JobPolicy> = z
  .strictObject({
    maxRetries: count,
    baseDelayMs: z.number(),
    maxDelayMs: z.number(),
    exponentialBase: z.number(),
    jitter: z.boolean(),
    maxRateLimitWaits: count,
    maxQuotaWaits: count,
    defaultRateLimitWaitMs: z.number(),
    maxCompletions: count,
    completionDelayMs: z.number(),
    completionThreshold: z.number(),
    maxConcurrent: count,
    failFast: z.boolean(),
    staggerMs: z.number(),
    pauseBetweenMs: z.number(),
    budgets: z.strictObject({ sheet: budget, job: budget, whenSilent: z.enum(['act', 'go_on']) }).optional(),
    ...earlierBudgets,
    breaker: z.strictObject({ threshold: count, recoveryMs: z.number() }).nullable(),
    escalate: z.boolean(),
    hasHooks: z.boolean(),
    frozenHoldsSlot: z.boolean().default(true),
    maxRunMs: z.number().nullable().default(null),
  })
  .transform(({ budgets, maxCostPerSheet, maxCostPerJob, costWarnPercent: warnPercent, ...rest }) => ({
    ...rest,
    budgets: budgets ?? {
      sheet: { ...NO_BUDGET, usd: maxCostPerSheet, warnPercent },
      job: { ...NO_BUDGET, usd: maxCostPerJob, warnPercent },
      whenSilent: 'act',
    },
  }))

const jobState = z.strictObject({
  id: z.string(),
  status: jobStatus,
  intent: z.enum(['run', 'pause', 'cancel']),
  hold: z
    .enum(['user', 'signal_file', 'rate_limit', 'budget', 'day', 'cost', 'crash', 'return', 'restored', 'timeout'])
    .transform((hold) => (hold === 'cost' ? 'budget' : hold))
    .nullable(),
  frozen: z
    .strictObject({ since: time, by: z.enum(['user', 'pressure', 'budget', 'day']), thawing: z.boolean() })
    .nullable()
    .default(null),
  ranMs: z.number().default(0),
  runningSince: time.nullable().default(null),
  runningAwake: z.number().nullable().default(null),
  looking: z.array(count).default([]),
  leftoversDue: z.boolean().default(false),
  statusSince: time,
  policy,
  notBefore: time.nullable(),
  hooks: z.enum(['due', 'running', 'done', 'failed']),
  hooksDone: z.array(count),
  hookError: z.string().nullable(),
  servedAt: time.nullable(),
  survivors: z.array(survivor),
  createdAt: time,
  startedAt: time.nullable(),
  completedAt: time.nullable(),
  version: count,
  /** Of an earlier Fermata: what was spent before the cost limits were last changed. */
  costBase: z.number().default(0),
})

/** A job's state as the `jobs` table keeps it: the sheets stand in their own table, the graph follows from the score. */
export const jobStateAlone: z.ZodType<Omit<JobState, 'sheets' | 'graph'>> = jobState.transform(
  ({ costBase: _, ...state }) => state,
)

const loaded = z.object({ instrument: z.string(), prompt: z.object({ template: z.string() }) })

/** The score as it was accepted. Keys it did not have then get the defaults they have now. */
export function scoreFromText(text: string): Score {
  const value: unknown = JSON.parse(text)
  const { instrument, prompt } = loaded.parse(value)
  const score = scoreSchema.parse(value)
  return { ...score, instrument, prompt: { ...score.prompt, template: prompt.template } }
}

export const notes: z.ZodType<readonly Diagnostic[]> = z.array(
  z.strictObject({
    code: z.string(),
    severity: z.enum(['error', 'warning', 'info']),
    message: z.string(),
    remedy: z.string().nullable(),
    line: count,
    column: count,
  }),
)

export const jobRow = z.object({
  id: z.string(),
  version: count,
  total_sheets: count,
  score_path: z.string(),
  score: z.string(),
  notes: z.string(),
  chain_depth: count,
  follows: z.string().nullable(),
  state: z.string(),
})

const attemptColumns = z.object({
  job_id: z.string(),
  sheet: count,
  number: count,
  marker: z.string(),
  folder: z.string(),
  instrument: z.string(),
  choice: count,
  mode,
  pid: z.number().nullable(),
  process_start: z.string().nullable(),
  started_at: time,
  started_awake: z.number().nullable(),
  still_ms: z.number(),
  frozen_awake: z.number().nullable(),
  ended_at: time.nullable(),
  exit_status: z.number().nullable(),
  outcome: z.enum(['succeeded', 'failed', 'rate_limited', 'stopped', 'lost']).nullable(),
  error_code: z.string().nullable(),
  error_message: z.string().nullable(),
  input_tokens: count.nullable(),
  output_tokens: count.nullable(),
  cache_read_tokens: count.nullable(),
  cache_write_tokens: count.nullable(),
  cost_usd: z.number().nullable(),
  usage: z.string().nullable(),
})
export type AttemptRow = z.output<typeof attemptColumns>

/** @throws ZodError when the row is not one of ours. */
export function attemptFromRow(row: unknown): AttemptRecord {
  const columns = attemptColumns.parse(row)
  const { pid, process_start } = columns
  return {
    jobId: columns.job_id,
    sheet: columns.sheet,
    number: columns.number,
    marker: columns.marker,
    folder: columns.folder,
    instrument: columns.instrument,
    choice: columns.choice,
    mode: columns.mode,
    identity: pid === null || process_start === null ? null : { pid, startTime: process_start },
    startedAt: columns.started_at,
    startedAwake: columns.started_awake,
    stillMs: columns.still_ms,
    frozenAwake: columns.frozen_awake,
    endedAt: columns.ended_at,
    exitStatus: columns.exit_status,
    outcome: columns.outcome,
    errorCode: columns.error_code,
    errorMessage: columns.error_message,
    usage: usageFrom(columns),
  }
}

/** An earlier Fermata kept the numbers alone. */
function usageFrom(columns: AttemptRow): Usage | null {
  if (columns.usage !== null) return usage.parse(JSON.parse(columns.usage))
  const { input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cost_usd } = columns
  if (input_tokens === null || output_tokens === null || cache_read_tokens === null || cache_write_tokens === null) return null
  return {
    inputTokens: input_tokens,
    outputTokens: output_tokens,
    cacheReadTokens: cache_read_tokens,
    cacheWriteTokens: cache_write_tokens,
    costUsd: cost_usd,
  }
}

export function attemptToRow(attempt: AttemptRecord): AttemptRow {
  return {
    job_id: attempt.jobId,
    sheet: attempt.sheet,
    number: attempt.number,
    marker: attempt.marker,
    folder: attempt.folder,
    instrument: attempt.instrument,
    choice: attempt.choice,
    mode: attempt.mode,
    pid: attempt.identity?.pid ?? null,
    process_start: attempt.identity?.startTime ?? null,
    started_at: attempt.startedAt,
    started_awake: attempt.startedAwake,
    still_ms: attempt.stillMs,
    frozen_awake: attempt.frozenAwake,
    ended_at: attempt.endedAt,
    exit_status: attempt.exitStatus,
    outcome: attempt.outcome,
    error_code: attempt.errorCode,
    error_message: attempt.errorMessage,
    input_tokens: attempt.usage?.inputTokens ?? null,
    output_tokens: attempt.usage?.outputTokens ?? null,
    cache_read_tokens: attempt.usage?.cacheReadTokens ?? null,
    cache_write_tokens: attempt.usage?.cacheWriteTokens ?? null,
    cost_usd: attempt.usage?.costUsd ?? null,
    usage: attempt.usage && JSON.stringify(attempt.usage),
  }
}
