import type { Plan, RetryPolicy } from '../score/score.ts'
import type { JobPolicy, JobState, SheetState } from './state.ts'
import { NO_USAGE } from './usage.ts'

/** Marianne: `rate_limit` defaults, except the wait: an hour is the score language's default, a minute is what a probe costs. */
const MAX_RATE_LIMIT_WAITS = 24
const DEFAULT_RATE_LIMIT_WAIT_MS = 60_000

/** What the score says about retrying, in scheduling's units. */
export function policyOf(retry: RetryPolicy): JobPolicy {
  return {
    maxRetries: retry.maxRetries,
    baseDelayMs: retry.baseDelaySeconds * 1000,
    maxDelayMs: retry.maxDelaySeconds * 1000,
    exponentialBase: retry.exponentialBase,
    jitter: retry.jitter,
    maxRateLimitWaits: MAX_RATE_LIMIT_WAITS,
    defaultRateLimitWaitMs: DEFAULT_RATE_LIMIT_WAIT_MS,
  }
}

const newSheet = (number: number): SheetState => ({
  number,
  status: 'pending',
  attempts: 0,
  failures: 0,
  rateLimitWaits: 0,
  wakeAt: null,
  error: null,
  validation: null,
  usage: NO_USAGE,
  startedAt: null,
  completedAt: null,
})

/** A job as it is the moment it is accepted: queued, nothing begun. `now` is epoch ms. */
export function newJob(id: string, plan: Plan, policy: JobPolicy, now: number): JobState {
  return {
    id,
    status: 'queued',
    intent: 'run',
    hold: null,
    statusSince: now,
    policy,
    sheets: plan.sheets.map(({ number }) => newSheet(number)),
    survivors: [],
    createdAt: now,
    startedAt: null,
    completedAt: null,
    version: 1,
  }
}
