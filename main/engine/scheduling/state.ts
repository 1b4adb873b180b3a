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

/**
 * How sure a count of tokens is, best first. `exact`: the program's own final word on the run. `reported`: totals it told while
 * it ran, which its end would have confirmed. `live`: added up from its messages, some of which hold placeholders. `estimate`:
 * counted by a tokenizer from what was sent and printed.
 */
export const CONFIDENCES = ['exact', 'reported', 'live', 'estimate'] as const
export type Confidence = (typeof CONFIDENCES)[number]

/** Tokens and cost of one attempt, or the sum of many. `costUsd` is null where nobody said a price. */
export interface Usage {
  /** Fresh prompt tokens; cache reads and writes are counted apart. */
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheReadTokens: number
  readonly cacheWriteTokens: number
  /** The best figure there is. */
  readonly costUsd: number | null
  /** What it may have cost at least and at most, in USD; left out where `costUsd` is certain. */
  readonly costRange?: readonly [low: number, high: number]
  /** Tokens among them whose price nobody knows: they are not in the cost. 0 unless said. */
  readonly unpricedTokens?: number
  /** How sure the tokens are, of a sum the least sure part; `exact` unless said. */
  readonly confidence?: Confidence
  /** Where the figures come from, in plain words, such as "result of claude-code". */
  readonly source?: string
}

export interface ValidationSummary {
  readonly passed: number
  readonly total: number
  /** One sentence for each rule that failed. */
  readonly failures: readonly string[]
  /** Rules of a later stage, not made because an earlier one failed; they count in `total`. */
  readonly skipped: number
}

/** Why an attempt or a sheet failed. Codes are Marianne's E-numbers (§6.5). */
export interface SheetError {
  readonly code: string
  readonly message: string
}

/** A process of an attempt that could not be ended. Pids are reused: it is that process only with this start time. */
export interface Survivor {
  readonly pid: number
  /** As the system tells it; empty where an earlier Fermata did not note it. */
  readonly startTime: string
}

/** How an attempt ended, as far as scheduling cares; `survivors` are those of its processes that could not be ended. */
export type AttemptOutcome =
  /** Its survivors are those of its checks; what its own process left may be its very work. */
  | {
      readonly kind: 'succeeded'
      readonly validation: ValidationSummary | null
      readonly survivors?: readonly Survivor[]
    }
  | {
      readonly kind: 'failed'
      readonly error: SheetError
      readonly retriable: boolean
      readonly validation: ValidationSummary | null
      readonly survivors?: readonly Survivor[]
    }
  /** `resetAt` is epoch ms, or null when the instrument named no time. Never consumes the retry budget. */
  | {
      readonly kind: 'rate_limited'
      readonly message: string
      readonly resetAt: number | null
      readonly code?: LimitCode
      readonly survivors?: readonly Survivor[]
    }
  /** Ended because we ended it. */
  | { readonly kind: 'stopped'; readonly survivors: readonly Survivor[] }
  /** Gone without an exit status: the machine restarted or something killed it. Never consumes the retry budget. */
  | { readonly kind: 'lost'; readonly survivors?: readonly Survivor[] }

/** Marianne §6.5: API or CLI rate limit, capacity, quota. A quota has waits of its own. */
export type LimitCode = 'E101' | 'E102' | 'E103' | 'E104'

/** A sheet that goes on with another instrument (Marianne §7.3). */
export interface InstrumentSwitch {
  readonly from: string
  readonly to: string
  readonly reason: 'rate_limit' | 'auth_failure' | 'unavailable' | 'exhausted'
  /** Epoch ms. */
  readonly at: number
}

export interface SheetState {
  readonly number: number
  readonly status: SheetStatus
  /** Attempts begun; the running one's number while `dispatched` or `in_progress`. */
  readonly attempts: number
  /** Attempts that count against `maxRetries`. */
  readonly failures: number
  /** Attempts that count against `maxCompletions`: they mend what an earlier one left incomplete. */
  readonly completions: number
  /** What the next attempt does: the whole sheet, or what its checks still miss. */
  readonly mode: 'normal' | 'completion'
  readonly rateLimitWaits: number
  readonly quotaWaits: number
  /** Which of the sheet's instruments is its present one; 0 is the first choice. */
  readonly choice: number
  readonly switches: readonly InstrumentSwitch[]
  /** Why a person has to decide, while it is a `fermata`; why it was left out, when `skipped` by design; else what to know of it. */
  readonly note: string | null
  /** A person has let it go on: what holds sheets back before they start does not hold it again. */
  readonly released: boolean
  /** Its running attempt is being ended: to be run again or left out, as its user wants, or since its budget is used up. */
  readonly asked: 'retry' | 'skip' | 'fail' | null
  /** Attempts in a row that were lost with the computer or to a stranger's kill. */
  readonly losses: number
  /** Epoch ms at which a `retry_scheduled` or `waiting` sheet goes on, else null. */
  readonly wakeAt: number | null
  readonly error: SheetError | null
  readonly validation: ValidationSummary | null
  /** Of all attempts that have ended. */
  readonly usage: Usage
  /** What the running attempt had used when a budget was last crossed; null otherwise. */
  readonly live: Usage | null
  /** The running attempt stopped telling what it uses; `accepted`: its user lets it go on all the same. */
  readonly unmetered: 'no' | 'yes' | 'accepted'
  /** Epoch ms of the first attempt's start. */
  readonly startedAt: number | null
  readonly completedAt: number | null
}

/**
 * Who holds a job that is paused or interrupted. `crash`: a sheet of it was lost again and again; `return`: Fermata was away and
 * its user wants to say whether it goes on. `timeout`: it ran longer than it may and is ended; `restored`: what is known
 * of it comes from a backup and may be older than the truth. `budget`: it may not spend more; `day`: none of the jobs may today.
 */
export type Hold = 'user' | 'signal_file' | 'rate_limit' | 'budget' | 'day' | 'crash' | 'return' | 'restored' | 'timeout'

/** Its processes stand still (SIGSTOP), and so do its clock and its timeouts. */
export interface Frozen {
  /** Epoch ms. */
  readonly since: number
  readonly by: 'user' | 'pressure' | 'budget' | 'day'
  /** It is to go on, and waits for the slots it gave away. */
  readonly thawing: boolean
}

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
  readonly maxQuotaWaits: number
  /** Wait after a rate limit that named no time. */
  readonly defaultRateLimitWaitMs: number
  readonly maxCompletions: number
  readonly completionDelayMs: number
  /** Share of checks (0–100) that must hold for mending to be worth while. */
  readonly completionThreshold: number
  /** Sheets of this job in flight at once. */
  readonly maxConcurrent: number
  /** One failed sheet ends the job; otherwise only what depends on it is left out. */
  readonly failFast: boolean
  /** Between the starts of two sheets of this job. */
  readonly staggerMs: number
  /** Between the end of a sheet and the start of the next, when no other one of the job runs. */
  readonly pauseBetweenMs: number
  readonly budgets: Budgets
  /** Failures in a row after which an instrument is left alone for a while; null: never. */
  readonly breaker: Breaker | null
  /** A sheet whose tries are used up waits for a person's decision instead of failing. */
  readonly escalate: boolean
  /** Something is to be done after the last sheet, before the job counts as completed. */
  readonly hasHooks: boolean
  /** While it is frozen its sheets keep their slots; otherwise other jobs get them, and it thaws when there are some again. */
  readonly frozenHoldsSlot: boolean
  /** How long the job may run, without the time it is held, frozen or the computer sleeps; null is no limit. */
  readonly maxRunMs: number | null
}

/** What is done when a budget is used up: tell, let the sheets in flight finish, let them stand still, or end them. */
export type BudgetAction = 'notify' | 'pause' | 'freeze' | 'cancel'

/** How much may be used; null is no limit. */
export interface Budget {
  readonly tokens: number | null
  readonly usd: number | null
  /** Share (1–100) of a limit at which its user is told. */
  readonly warnPercent: number
  readonly action: BudgetAction
}

export interface Budgets {
  /** For each sheet, over all its attempts. `cancel` ends the sheet, not the job. */
  readonly sheet: Budget
  readonly job: Budget
  /** What to make of a sheet that stops telling what it uses: as if its budget were used up, or nothing. */
  readonly whenSilent: 'act' | 'go_on'
}

export interface Breaker {
  readonly threshold: number
  readonly recoveryMs: number
}

/** What a sheet is played on, as far as scheduling cares. */
export interface Station {
  readonly instrument: string
  readonly model: string | null
}

/** What never changes while a job runs: who waits for whom, and on what it is played. Index 0 is sheet 1. */
export interface Graph {
  readonly dependsOn: readonly (readonly number[])[]
  readonly dependents: readonly (readonly number[])[]
  /** Its instruments: first choice, then fallbacks. */
  readonly stations: readonly (readonly [Station, ...Station[]])[]
}

/** Everything scheduling knows of a job; immutable, unchanged sheets keep their identity from one state to the next. */
export interface JobState {
  readonly id: string
  readonly status: JobStatus
  readonly intent: Intent
  readonly hold: Hold | null
  readonly frozen: Frozen | null
  /** How long sheets of it ran before `runningSince`, in ms. */
  readonly ranMs: number
  /** Epoch ms since when its clock runs: a sheet is in flight and it is not frozen. */
  readonly runningSince: number | null
  /** The same moment by `Clock.awake`, which nobody sets and which stands while the computer sleeps. */
  readonly runningAwake: number | null
  /** Epoch ms since when the job has its present status. */
  readonly statusSince: number
  readonly policy: JobPolicy
  readonly graph: Graph
  readonly sheets: readonly SheetState[]
  /** Sheets that are looked at before they start: a rule's command may run. */
  readonly looking: readonly number[]
  /** It came to a bad end, and what its sheets that are done left running is still to be ended. */
  readonly leftoversDue: boolean
  /** Epoch ms at which a sheet of it was last given a slot: jobs take turns. */
  readonly servedAt: number | null
  /** Epoch ms before which no sheet of the job starts (pacing, stagger); null when it need not wait. */
  readonly notBefore: number | null
  /** What is done after the last sheet: not yet, now, or how it went. */
  readonly hooks: 'due' | 'running' | 'done' | 'failed'
  /** The hooks that have succeeded, by their place in the score: they are not done again. */
  readonly hooksDone: readonly number[]
  /** Why the hooks failed. */
  readonly hookError: string | null
  /** What its attempts left running that could not be ended. Only `survivors_ended` takes any of it away. */
  readonly survivors: readonly Survivor[]
  readonly createdAt: number
  readonly startedAt: number | null
  readonly completedAt: number | null
  /** Grows by one with every change. */
  readonly version: number
}

export type JobEvent =
  | { readonly type: 'start' }
  /** Before the sheet starts it is looked at: is it left out, held, or does it go? */
  | { readonly type: 'look_begun'; readonly sheet: number }
  /** Nothing of the look runs any more but what could not be ended. What it came to is an event of its own. */
  | { readonly type: 'look_ended'; readonly sheet: number; readonly survivors: readonly Survivor[] }
  /** A rule of the score leaves the sheet out. */
  | { readonly type: 'skip'; readonly sheet: number; readonly reason: string }
  /** Its instrument cannot be used now: it goes on with the next one. */
  | { readonly type: 'switch'; readonly sheet: number; readonly reason: InstrumentSwitch['reason'] }
  /** The sheet waits for a person before it starts. */
  | { readonly type: 'hold'; readonly sheet: number; readonly reason: string }
  | { readonly type: 'hook_done'; readonly hook: number }
  | { readonly type: 'hooks_ended'; readonly error: string | null }
  | { readonly type: 'decision'; readonly sheet: number; readonly decision: FermataDecision }
  | { readonly type: 'slot_granted'; readonly sheet: number }
  | {
      readonly type: 'attempt_started'
      readonly sheet: number
      readonly attempt: number
      /** What its user should know of its prompt. */
      readonly warning?: string | null
    }
  | {
      readonly type: 'attempt_ended'
      readonly sheet: number
      readonly attempt: number
      readonly outcome: AttemptOutcome
      readonly usage: Usage | null
      /** When it ended, where that was while Fermata was away; in epoch ms. */
      readonly endedAt?: number | null
    }
  | { readonly type: 'timer_fired'; readonly sheet: number }
  /** The limit its instrument met was taken back before its time. */
  | { readonly type: 'limit_cleared'; readonly sheet: number }
  /** Its user wants it to wait for its limit until then (epoch ms), or until they say otherwise (null). */
  | { readonly type: 'limit_moved'; readonly sheet: number; readonly until: number | null }
  | { readonly type: 'pause'; readonly by: 'user' | 'signal_file' | 'return' }
  | { readonly type: 'resume' }
  | { readonly type: 'cancel'; readonly by?: 'day' }
  | { readonly type: 'freeze'; readonly by: Frozen['by'] }
  | { readonly type: 'thaw' }
  /** The slots it gave away while frozen are there again. */
  | { readonly type: 'thaw_granted' }
  /** Its user wants the sheet run again, or left out, now. */
  | { readonly type: 'retry_sheet'; readonly sheet: number }
  | { readonly type: 'skip_sheet'; readonly sheet: number }
  /** What the running attempt used so far, when that matters; `silent`: it stopped telling. */
  | {
      readonly type: 'metered'
      readonly sheet: number
      readonly attempt: number
      readonly usage: Usage | null
      readonly silent: boolean
    }
  /** Its user allows it more, or less. */
  | { readonly type: 'budgets_changed'; readonly budgets: Budgets }
  /** The job's clock has come to its limit. */
  | { readonly type: 'time_up' }
  /** The computer slept for so long, or its wall clock was set by so much (ms, may be negative). */
  | { readonly type: 'time_shifted'; readonly sleptMs: number; readonly jumpedMs: number }
  /** What its sheets that are done left running is ended, but for these. */
  | { readonly type: 'leftovers_ended'; readonly survivors: readonly Survivor[] }
  /** It was tried again to end the survivors in `asked`: these are left of them and of what they started. */
  | { readonly type: 'survivors_ended'; readonly asked: readonly Survivor[]; readonly left: readonly Survivor[] }

/** What a person makes of a sheet that waits for them (Marianne §1.3): it counts as done, runs (again), is left out, or fails. */
export type FermataDecision = 'accept' | 'retry' | 'skip' | 'fail'

/** Job-level news, in Marianne's words (§5.2). */
export type JobNews =
  | 'started'
  | 'pausing'
  | 'paused'
  | 'resumed'
  | 'frozen'
  | 'thawed'
  | 'waiting'
  | 'budget_warning'
  | 'budget_limit'
  | 'interrupted'
  | 'completed'
  | 'failed'
  | 'cancelled'
/** Sheet-level news. */
export type SheetNews =
  | 'started'
  | 'completed'
  | 'partial'
  | 'failed'
  | 'retrying'
  | 'rate_limited'
  | 'refused'
  | 'switched'
  | 'fermata'
  | 'skipped'
  | 'lost'
  | 'cancelled'

/** What the outside has to do after a state was committed. */
export type Effect =
  | { readonly type: 'start_attempt'; readonly sheet: number; readonly attempt: number }
  | { readonly type: 'stop_attempt'; readonly sheet: number }
  | { readonly type: 'look'; readonly sheet: number }
  /** Nobody wants to know any more: what runs for it is ended. */
  | { readonly type: 'stop_look'; readonly sheet: number }
  | { readonly type: 'end_leftovers' }
  | { readonly type: 'freeze_attempt'; readonly sheet: number }
  | { readonly type: 'thaw_attempt'; readonly sheet: number }
  /** When the job's time is up has changed: its alarm is set anew, or taken back. */
  | { readonly type: 'set_clock' }
  /** One timer per sheet; a new one replaces the old. */
  | { readonly type: 'set_timer'; readonly sheet: number; readonly at: number }
  | { readonly type: 'clear_timer'; readonly sheet: number }
  /** Nobody uses this instrument before `until` (epoch ms). */
  | { readonly type: 'limit_instrument'; readonly station: Station; readonly until: number; readonly message: string }
  /** Nobody uses this instrument before its user did something about it. */
  | { readonly type: 'refuse_instrument'; readonly instrument: string; readonly message: string }
  /** How an attempt on the instrument went: for its circuit breaker, and whether its limit is really over. */
  | { readonly type: 'count_outcome'; readonly station: Station; readonly failed: boolean; readonly breaker: Breaker | null }
  | { readonly type: 'run_hooks' }
  | { readonly type: 'stop_hooks' }
  /** `detail` stands in the place of the job's reason. */
  | { readonly type: 'announce_job'; readonly news: JobNews; readonly detail?: string }
  | { readonly type: 'announce_sheet'; readonly sheet: number; readonly news: SheetNews }

export interface Decision {
  readonly state: JobState
  readonly effects: readonly Effect[]
}

/** A command of the user's; `legal` says whether it makes sense now. */
export type JobCommand = 'pause' | 'resume' | 'cancel' | 'freeze' | 'thaw'

/** A command of the user's for one sheet. */
export type SheetCommand = 'retry' | 'skip'
