import { z } from 'zod'
import {
  aboveZero,
  alwaysYes,
  atLeast,
  between,
  list,
  nonNegative,
  noted,
  optional,
  positive,
  section,
  text,
  upTo,
  within,
  yes,
} from './basics.ts'

export const retry = section({
  /** Failed attempts a sheet may have in all; 0 and 1 both mean one attempt (Marianne §1.5: budget predicates). */
  max_retries: between(0, 1000).default(3),
  base_delay_seconds: nonNegative.default(10),
  max_delay_seconds: nonNegative.default(3600),
  exponential_base: atLeast(1).default(2),
  /** Spread each delay over 0.5–1.5 of itself. */
  jitter: yes.default(true),
  /** Attempts that mend a sheet whose checks hold in part. */
  max_completion_attempts: between(0, 1000).default(5),
  completion_delay_seconds: nonNegative.default(5),
  /** Share of checks that must hold for mending to be worth while; below it the sheet starts over. */
  completion_threshold_percent: within(0, 100).default(50),
})

export const rateLimit = section({
  /** Regular expressions that say "limit" where the instrument's own profile does not know it. */
  detection_patterns: list(text, 'a list of patterns').default([]),
  /** Waited when the instrument names no time. */
  wait_minutes: aboveZero.default(60),
  max_waits: positive.default(24),
  max_quota_waits: positive.default(48),
})

export const circuitBreaker = section({
  enabled: yes.default(true),
  failure_threshold: positive.default(5),
  recovery_timeout_seconds: upTo(3600).default(300),
  cross_workspace_coordination: noted,
  honor_other_jobs_rate_limits: noted,
})

/** USD. */
export const costLimits = section({
  /** Null: on as soon as there is a limit. */
  enabled: optional(yes),
  max_cost_per_sheet: optional(aboveZero),
  max_cost_per_job: optional(aboveZero),
  cost_per_1k_input_tokens: nonNegative.default(0.003),
  cost_per_1k_output_tokens: nonNegative.default(0.015),
  warn_at_percent: within(1, 100).default(80),
})

const budget = section({
  /** Fresh input, cache writes and output; cache reads count in USD only. */
  tokens: optional(positive),
  usd: optional(aboveZero),
  warn_at_percent: within(1, 100).default(80),
  action: z.enum(['notify', 'pause', 'freeze', 'cancel'], 'notify, pause, freeze or cancel').default('pause'),
})

/** Fermata's own: what sheets and the job may use, watched while they run. */
export const budgets = section({
  sheet: optional(budget),
  job: optional(budget),
  /** A sheet that stops telling what it uses counts as over its budget (`act`), or goes on. */
  when_silent: z.enum(['act', 'go_on'], 'act or go_on').default('act'),
})

export const parallel = section({
  enabled: yes.default(false),
  max_concurrent: between(1, 20).default(3),
  /** A failed sheet ends the job; otherwise only what depends on it is left out. */
  fail_fast: yes.default(true),
  budget_partition: alwaysYes.default(true),
  stagger_delay_ms: between(0, 5000).default(0),
  /** Fermata's own key: a frozen job's sheets keep their slots; with `no` other jobs get them meanwhile. */
  frozen_holds_slot: yes.default(true),
})

/** An attempt that prints nothing for so long is ended and counts as failed. */
export const staleDetection = section({
  enabled: yes.default(false),
  idle_timeout_seconds: aboveZero.default(300),
  check_interval_seconds: aboveZero.default(30),
  max_idle_checks_before_kill: noted,
})
