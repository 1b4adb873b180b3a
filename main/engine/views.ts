import type { Diagnostic } from './errors.ts'
import type { JobForecast } from './learning/job-forecast.ts'
import type { LimitMode } from './limits/standing.ts'
import type {
  BudgetAction,
  Frozen,
  InstrumentSwitch,
  JobCommand,
  JobStatus,
  SheetCommand,
  SheetError,
  SheetStatus,
  Usage,
  ValidationSummary,
} from './scheduling/state.ts'

/**
 * What an attempt does right now: its process is being started or looked for, lives, stands still, is being ended, or has
 * ended and its work is checked.
 */
export type AttemptPhase = 'starting' | 'running' | 'frozen' | 'stopping' | 'checking'

/** What the outside sees of a running attempt. Status and liveness are different facts: `phase` and `lastOutputAt` are the latter. */
export interface AttemptView {
  readonly sheet: number
  readonly number: number
  readonly pid: number | null
  /** `running` and `stopping`: the process was there when last looked at, at most 1 s ago. */
  readonly phase: AttemptPhase
  /** Epoch ms. */
  readonly startedAt: number
  /** Epoch ms of the last byte written to stdout or stderr, or null when there is none. */
  readonly lastOutputAt: number | null
  /** Since when it prints nothing (epoch ms), moved on by the time it or the computer stood still; null while it does not run. */
  readonly silentSince: number | null
  /** When it is stopped if it prints nothing until then (epoch ms); null where its score does not watch for silence. */
  readonly staleAt: number | null
  /** What it used so far; null while nothing is known. */
  readonly usage: Usage | null
  readonly metering: Metering
  /** How long an attempt of this sheet usually takes, in ms: half of those before it took no longer. Null until two are known. */
  readonly usualMs: number | null
  /** What its process group uses; null while nobody looks. */
  readonly load: GroupLoad | null
}

/**
 * How the figures of a running attempt come: while it runs, at its end only, counted from its text, or not any more though
 * they should.
 */
export type Metering = 'live' | 'at_end' | 'estimate' | 'silent'

/** A budget and what was used of it, in tokens and USD. */
export interface BudgetView {
  readonly scope: 'sheet' | 'job' | 'day'
  readonly sheet: number | null
  readonly tokens: { readonly used: number; readonly limit: number } | null
  readonly usd: { readonly used: number; readonly limit: number } | null
  readonly warnPercent: number
  readonly action: BudgetAction
  readonly state: 'ok' | 'warned' | 'over'
}

/** What one job used on one day on one model. */
export interface UsageRow {
  /** `YYYY-MM-DD`, by the user's calendar. */
  readonly day: string
  readonly instrument: string
  readonly model: string | null
  readonly jobId: string
  readonly jobName: string
  readonly attempts: number
  readonly usage: Usage
}

/** What was used, and the budget of today where there is one. */
export interface UsageReport {
  readonly rows: readonly UsageRow[]
  readonly today: BudgetView | null
}

/** What the processes of an attempt use, sampled at most every 2 s. */
export interface GroupLoad {
  readonly processes: number
  /** Resident memory (RSS) in bytes; shared memory counts once for each process. */
  readonly memoryBytes: number
  /** 100 is one core at full load; null until it was looked at twice. */
  readonly cpuPercent: number | null
}

/** What keeps sheets from their instrument. `model` is null where it is the whole instrument. */
export interface LimitWait {
  readonly instrument: string
  readonly model: string | null
  /** A limit it met, a rest after too many failures, or a login that its user has to make. */
  readonly cause: 'rate_limit' | 'rest' | 'login'
  /** Epoch ms at which it is tried again; null: when its user says so. */
  readonly until: number | null
  readonly mode: LimitMode
}

/** A job as lists and the tray show it. All times are epoch ms. */
export interface JobSummary {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly status: JobStatus
  /** Its processes stand still. */
  readonly frozen: Frozen | null
  /** Pids that outlived its cancel. */
  readonly survivors: readonly number[]
  /** A cancel was asked for and processes are still being ended. */
  readonly cancelling: boolean
  /** Plain words: why the job is as it is, and what comes next. */
  readonly reason: string
  readonly instrument: string
  readonly scorePath: string
  /** The job whose `on_success` submitted it. */
  readonly followsJob: string | null
  readonly workspace: string
  readonly createdAt: number
  readonly startedAt: number | null
  readonly completedAt: number | null
  /** When a waiting job goes on by itself. */
  readonly wakeAt: number | null
  /** What keeps sheets of it from their instrument, first what its user can do something about; null when nothing does. */
  readonly limitWait: LimitWait | null
  /** Sheet statuses in sheet order. */
  readonly sheetStatuses: readonly SheetStatus[]
  readonly completedSheets: number
  readonly totalSheets: number
  /** Of all its attempts, the running ones as far as they told. */
  readonly usage: Usage
  readonly budgets: readonly BudgetView[]
  /** What is still to come, at most 2 s old; null when the job is over. */
  readonly forecast: JobForecast | null
  readonly running: readonly AttemptView[]
  /** It stands still until a person does something: it failed, was lost, needs a login, or met its limit too often. */
  readonly needsYou: boolean
  /** Which commands would change something now. */
  readonly can: Readonly<Record<JobCommand, boolean>>
  readonly version: number
}

export interface SheetView {
  readonly number: number
  readonly status: SheetStatus
  readonly startItem: number
  readonly endItem: number
  readonly movement: number
  readonly movementName: string | null
  readonly voice: number
  readonly voices: number
  readonly description: string | null
  readonly dependsOn: readonly number[]
  /** What it is played on now. */
  readonly instrument: string
  readonly switches: readonly InstrumentSwitch[]
  /** Why it waits, was left out or is held; null where its status says enough. */
  readonly reason: string | null
  readonly attempts: number
  readonly failures: number
  readonly wakeAt: number | null
  readonly error: SheetError | null
  readonly validation: ValidationSummary | null
  readonly usage: Usage
  readonly startedAt: number | null
  readonly completedAt: number | null
  /** Which commands would change something now. */
  readonly can: Readonly<Record<SheetCommand, boolean>>
}

export interface JobDetail extends JobSummary {
  readonly sheets: readonly SheetView[]
  /** What its user should know of the score though it was accepted. */
  readonly notes: readonly Diagnostic[]
}

/** A window of lines of a log file. Line numbers count from 1. */
export interface LogWindow {
  readonly from: number
  readonly lines: readonly string[]
  /** Lines in the file now. */
  readonly totalLines: number
  readonly sizeBytes: number
  /** When the file was removed to save space, in epoch ms; null when it was not. */
  readonly removedAt: number | null
  /** The file should be there and is not, and it was not Fermata that removed it. */
  readonly isGone: boolean
}

/** A channel for notifications and how its last deliveries went. Times are epoch ms. */
export interface NotificationChannel {
  /** Its id in the settings; of a score's own channel the score's name, its kind and place: `opera: slack 1`. */
  readonly name: string
  readonly kind: 'desktop' | 'slack' | 'webhook' | 'command'
  /** `unusable`: nothing can be sent there, see `problem`; `failing`: the last message did not arrive; `unused`: none was sent yet. */
  readonly state: 'ready' | 'failing' | 'unusable' | 'unused'
  /** Why it is unusable and what to do. */
  readonly problem: string | null
  readonly lastDeliveredAt: number | null
  readonly lastFailure: { readonly at: number; readonly message: string } | null
}

/** Whether notifications reach their user (Marianne §2.6: notifications_degraded). Jobs go on either way. */
export interface NotificationReadiness {
  /** Three or more in a row did not arrive; the next that arrives ends it. */
  readonly degraded: boolean
  readonly since: number | null
  readonly channels: readonly NotificationChannel[]
}
