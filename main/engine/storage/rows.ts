import { z } from 'zod'
import type { Diagnostic } from '../errors.ts'
import type { AttemptRecord } from '../ports.ts'
import type { JobState, SheetState } from '../scheduling/state.ts'
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

const usage = z.strictObject({
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: count,
  cacheWriteTokens: count,
  costUsd: z.number().nullable(),
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
  asked: z.enum(['retry', 'skip']).nullable().default(null),
  losses: count.default(0),
  wakeAt: time.nullable(),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  validation: z.strictObject({ passed: count, total: count, failures: z.array(z.string()), skipped: count }).nullable(),
  usage,
  startedAt: time.nullable(),
  completedAt: time.nullable(),
})

/** Earlier ones are pids alone. */
const survivor = z.union([
  z.strictObject({ pid: z.number(), startTime: z.string() }),
  z.number().transform((pid) => ({ pid, startTime: '' })),
])

/** A job's state as the `jobs` table keeps it: the sheets stand in their own table, the graph follows from the score. */
export const jobStateAlone: z.ZodType<Omit<JobState, 'sheets' | 'graph'>> = z.strictObject({
  id: z.string(),
  status: jobStatus,
  intent: z.enum(['run', 'pause', 'cancel']),
  hold: z.enum(['user', 'signal_file', 'rate_limit', 'cost', 'crash', 'return', 'restored', 'timeout']).nullable(),
  frozen: z
    .strictObject({ since: time, by: z.enum(['user', 'pressure']), thawing: z.boolean() })
    .nullable()
    .default(null),
  ranMs: z.number().default(0),
  runningSince: time.nullable().default(null),
  statusSince: time,
  policy: z.strictObject({
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
    maxCostPerSheet: z.number().nullable(),
    maxCostPerJob: z.number().nullable(),
    costWarnPercent: z.number(),
    breaker: z.strictObject({ threshold: count, recoveryMs: z.number() }).nullable(),
    escalate: z.boolean(),
    hasHooks: z.boolean(),
    frozenHoldsSlot: z.boolean().default(true),
    maxRunMs: z.number().nullable().default(null),
  }),
  notBefore: time.nullable(),
  hooks: z.enum(['due', 'running', 'done', 'failed']),
  hooksDone: z.array(count),
  hookError: z.string().nullable(),
  servedAt: time.nullable(),
  costBase: z.number(),
  survivors: z.array(survivor),
  createdAt: time,
  startedAt: time.nullable(),
  completedAt: time.nullable(),
  version: count,
})

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
})
export type AttemptRow = z.output<typeof attemptColumns>

/** @throws ZodError when the row is not one of ours. */
export function attemptFromRow(row: unknown): AttemptRecord {
  const columns = attemptColumns.parse(row)
  const { pid, process_start, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens } = columns
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
    usage:
      input_tokens === null || output_tokens === null || cache_read_tokens === null || cache_write_tokens === null
        ? null
        : {
            inputTokens: input_tokens,
            outputTokens: output_tokens,
            cacheReadTokens: cache_read_tokens,
            cacheWriteTokens: cache_write_tokens,
            costUsd: columns.cost_usd,
          },
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
  }
}
