/** `waiting` always has a time or a reason; `interrupted` = nothing runs any more because Fermata or the computer went away. */
export type JobStatus =
  | 'queued'
  | 'running'
  | 'pausing'
  | 'paused'
  | 'waiting'
  | 'interrupted'
  | 'completed'
  | 'failed'
  | 'cancelled'

/** Marianne §1.1. */
export type SheetStatus =
  | 'pending'
  | 'ready'
  | 'dispatched'
  | 'in_progress'
  | 'waiting'
  | 'retry_scheduled'
  | 'fermata'
  | 'completed'
  | 'failed'
  | 'skipped'
  | 'cancelled'

/** Tokens and cost of one attempt, or the sum of many. `costUsd` is null where nobody said a price. */
export interface Usage {
  /** Fresh prompt tokens; cache reads and writes are counted apart. */
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheReadTokens: number
  readonly cacheWriteTokens: number
  readonly costUsd: number | null
}

export interface ValidationSummary {
  readonly passed: number
  readonly total: number
  /** One sentence for each rule that failed. */
  readonly failures: readonly string[]
}

/** Why an attempt or a sheet failed. Codes are Marianne's E-numbers (§6.5). */
export interface SheetError {
  readonly code: string
  readonly message: string
}

/** How an attempt ended, as far as scheduling cares. */
export type AttemptOutcome =
  | { readonly kind: 'succeeded'; readonly validation: ValidationSummary | null }
  | {
      readonly kind: 'failed'
      readonly error: SheetError
      readonly retriable: boolean
      readonly validation: ValidationSummary | null
    }
  /** `resetAt` is epoch ms, or null when the instrument named no time. Never consumes the retry budget. */
  | { readonly kind: 'rate_limited'; readonly message: string; readonly resetAt: number | null }
  /** Ended because we ended it; `survivors` are pids that outlived SIGKILL or left the group. */
  | { readonly kind: 'stopped'; readonly survivors: readonly number[] }
  /** Gone without an exit status: the machine restarted or something killed it. Never consumes the retry budget. */
  | { readonly kind: 'lost' }

export interface SheetState {
  readonly number: number
  readonly status: SheetStatus
  /** Attempts begun; the running one's number while `dispatched` or `in_progress`. */
  readonly attempts: number
  /** Attempts that count against `maxRetries`. */
  readonly failures: number
  readonly rateLimitWaits: number
  /** Epoch ms at which a `retry_scheduled` or `waiting` sheet goes on, else null. */
  readonly wakeAt: number | null
  readonly error: SheetError | null
  readonly validation: ValidationSummary | null
  readonly usage: Usage
  /** Epoch ms of the first attempt's start. */
  readonly startedAt: number | null
  readonly completedAt: number | null
}

/** Who holds a job that is paused or interrupted. */
export type Hold = 'user' | 'signal_file' | 'rate_limit' | 'crash'

/** What the user wants of the job now; the status follows from it and from the sheets. */
export type Intent = 'run' | 'pause' | 'cancel'

export interface JobPolicy {
  readonly maxRetries: number
  readonly baseDelayMs: number
  readonly maxDelayMs: number
  readonly exponentialBase: number
  readonly jitter: boolean
  /** Rate-limit waits of one sheet before the job pauses and asks for its user (Marianne: max_waits). */
  readonly maxRateLimitWaits: number
  /** Wait after a rate limit that named no time. */
  readonly defaultRateLimitWaitMs: number
}

/** Everything scheduling knows of a job; immutable, unchanged sheets keep their identity from one state to the next. */
export interface JobState {
  readonly id: string
  readonly status: JobStatus
  readonly intent: Intent
  readonly hold: Hold | null
  /** Epoch ms since when the job has its present status. */
  readonly statusSince: number
  readonly policy: JobPolicy
  readonly sheets: readonly SheetState[]
  /** Pids that outlived a cancel. */
  readonly survivors: readonly number[]
  readonly createdAt: number
  readonly startedAt: number | null
  readonly completedAt: number | null
  /** Grows by one with every change. */
  readonly version: number
}

export type JobEvent =
  | { readonly type: 'start' }
  | { readonly type: 'slot_granted'; readonly sheet: number }
  | { readonly type: 'attempt_started'; readonly sheet: number; readonly attempt: number }
  | {
      readonly type: 'attempt_ended'
      readonly sheet: number
      readonly attempt: number
      readonly outcome: AttemptOutcome
      readonly usage: Usage | null
    }
  | { readonly type: 'timer_fired'; readonly sheet: number }
  | { readonly type: 'pause'; readonly by: 'user' | 'signal_file' }
  | { readonly type: 'resume' }
  | { readonly type: 'cancel' }

/** Job-level news, in Marianne's words (§5.2). */
export type JobNews =
  | 'started'
  | 'pausing'
  | 'paused'
  | 'resumed'
  | 'waiting'
  | 'interrupted'
  | 'completed'
  | 'failed'
  | 'cancelled'
/** Sheet-level news. */
export type SheetNews = 'started' | 'completed' | 'failed' | 'retrying' | 'rate_limited' | 'lost' | 'cancelled'

/** What the outside has to do after a state was committed. */
export type Effect =
  | { readonly type: 'start_attempt'; readonly sheet: number; readonly attempt: number }
  | { readonly type: 'stop_attempt'; readonly sheet: number; readonly attempt: number }
  /** One timer per sheet; a new one replaces the old. */
  | { readonly type: 'set_timer'; readonly sheet: number; readonly at: number }
  | { readonly type: 'clear_timer'; readonly sheet: number }
  | { readonly type: 'announce_job'; readonly news: JobNews }
  | { readonly type: 'announce_sheet'; readonly sheet: number; readonly news: SheetNews }

export interface Decision {
  readonly state: JobState
  readonly effects: readonly Effect[]
}

/** A command of the user's; `legal` says whether it makes sense now. */
export type JobCommand = 'pause' | 'resume' | 'cancel'
