import type { Plan, Score } from '../score/score.ts'
import { graphOf } from './graph.ts'
import type { Budget, Budgets, JobPolicy, JobState, SheetState } from './state.ts'
import { NO_USAGE } from './usage.ts'

export interface RunOptions {
  /** Sheets before this one are left out. */
  readonly startSheet?: number
  /** It is paused until its user lets it start. */
  readonly hold?: boolean
  /** A sheet whose tries are used up waits for a person's decision (Marianne: escalation). */
  readonly escalate?: boolean
  /** How long a job may run whose score does not say, in ms; null is no limit. */
  readonly maxRunMs?: number | null
}

/** What the score says about retrying, limits and pace, in scheduling's units. */
export function policyOf(score: Score, { escalate = false, maxRunMs = null }: RunOptions = {}): JobPolicy {
  const { retry, rate_limit, circuit_breaker, parallel } = score
  return {
    maxRetries: retry.max_retries,
    baseDelayMs: retry.base_delay_seconds * 1000,
    maxDelayMs: retry.max_delay_seconds * 1000,
    exponentialBase: retry.exponential_base,
    jitter: retry.jitter,
    maxRateLimitWaits: rate_limit.max_waits,
    maxQuotaWaits: rate_limit.max_quota_waits,
    defaultRateLimitWaitMs: rate_limit.wait_minutes * 60_000,
    maxCompletions: retry.max_completion_attempts,
    completionDelayMs: retry.completion_delay_seconds * 1000,
    completionThreshold: retry.completion_threshold_percent,
    maxConcurrent: parallel.enabled ? parallel.max_concurrent : 1,
    failFast: parallel.enabled && parallel.fail_fast,
    staggerMs: parallel.enabled ? parallel.stagger_delay_ms : 0,
    pauseBetweenMs: score.pause_between_sheets_seconds * 1000,
    budgets: budgetsOf(score),
    breaker: circuit_breaker.enabled
      ? { threshold: circuit_breaker.failure_threshold, recoveryMs: circuit_breaker.recovery_timeout_seconds * 1000 }
      : null,
    escalate,
    hasHooks: score.on_success.length > 0,
    frozenHoldsSlot: parallel.frozen_holds_slot,
    maxRunMs: score.job_timeout_seconds === null ? maxRunMs : score.job_timeout_seconds * 1000,
  }
}

/** Marianne's cost limits are budgets in USD that pause; what `budgets` says stands above them. */
function budgetsOf({ budgets, cost_limits: cost }: Score): Budgets {
  const limited = cost.enabled ?? true
  const of = (scope: 'sheet' | 'job', costLimit: number | null): Budget => {
    const own = budgets[scope]
    return {
      tokens: own?.tokens ?? null,
      usd: own?.usd ?? (limited ? costLimit : null),
      warnPercent: own?.warn_at_percent ?? cost.warn_at_percent,
      action: own?.action ?? 'pause',
    }
  }
  return {
    sheet: of('sheet', cost.max_cost_per_sheet),
    job: of('job', cost.max_cost_per_job),
    whenSilent: budgets.when_silent,
  }
}

const newSheet = (number: number): SheetState => ({
  number,
  status: 'pending',
  attempts: 0,
  failures: 0,
  completions: 0,
  mode: 'normal',
  rateLimitWaits: 0,
  quotaWaits: 0,
  choice: 0,
  switches: [],
  note: null,
  released: false,
  asked: null,
  losses: 0,
  wakeAt: null,
  error: null,
  validation: null,
  usage: NO_USAGE,
  live: null,
  unmetered: 'no',
  startedAt: null,
  completedAt: null,
})

/** A job as it is the moment it is accepted: queued, nothing begun. `now` is epoch ms. */
export function newJob(
  id: string,
  plan: Plan,
  policy: JobPolicy,
  now: number,
  { startSheet = 1, hold = false }: RunOptions = {},
): JobState {
  return {
    id,
    status: hold ? 'paused' : 'queued',
    intent: hold ? 'pause' : 'run',
    hold: hold ? 'user' : null,
    frozen: null,
    ranMs: 0,
    runningSince: null,
    runningAwake: null,
    looking: [],
    leftoversDue: false,
    statusSince: now,
    policy,
    graph: graphOf(plan),
    sheets: plan.sheets.map(({ number }) => {
      const sheet = newSheet(number)
      return number < startSheet
        ? { ...sheet, status: 'skipped', note: `Left out: the job starts at sheet ${startSheet}` }
        : sheet
    }),
    servedAt: null,
    notBefore: null,
    hooks: 'due',
    hooksDone: [],
    hookError: null,
    survivors: [],
    createdAt: now,
    startedAt: null,
    completedAt: null,
    version: 1,
  }
}
