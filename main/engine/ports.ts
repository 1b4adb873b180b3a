import type { Diagnostic } from './errors.ts'
import type { JobNews, JobState, SheetNews, SheetState, Usage } from './scheduling/state.ts'
import type { Plan, Score } from './score/score.ts'

/** Stops, unsubscribes or frees what was started. Calling it twice is harmless. */
export type Disposer = () => void

/** Time from outside, so that tests can simulate it. */
export interface Clock {
  /** Epoch ms. */
  now(): number
  /** Calls `run` once at or after `at` (epoch ms); at once, but never synchronously, when that has passed. */
  at(at: number, run: () => void): Disposer
}

/** Which process an attempt is: pids are reused, so the start time belongs to the name. The pid is also the group's id. */
export interface ProcessIdentity {
  readonly pid: number
  /** Opaque start time as the system tells it; equal for the same process only. */
  readonly startTime: string
}

export interface LaunchRequest {
  /** Absolute path of the attempt's folder; holds `prompt` already; gets `stdout`, `stderr`, `pid`, `exit`. */
  readonly folder: string
  /** Program and arguments; the program is looked up on the PATH of `env`. Never a shell line. */
  readonly argv: readonly [string, ...string[]]
  readonly cwd: string
  /** The whole environment. Must contain FERMATA_ATTEMPT, the attempt's marker. */
  readonly env: Readonly<Record<string, string>>
  /** Feed the file `prompt` to standard input; otherwise standard input is empty. */
  readonly promptOnStdin: boolean
}

/** How a launched process ended: its exit status (128 + n for signal n, as a shell tells it), or gone without one. */
export type AttemptExit = { readonly kind: 'exited'; readonly status: number } | { readonly kind: 'lost' }

/** What is found of an attempt after Fermata was away. */
export type AttemptFinding =
  | { readonly kind: 'alive'; readonly identity: ProcessIdentity }
  | { readonly kind: 'exited'; readonly status: number }
  | { readonly kind: 'gone' }

export interface StopReport {
  /** Pids that carry the attempt's marker and still live. Empty when the stop was complete. */
  readonly survivors: readonly number[]
}

/** Starts, watches and ends attempts as operating-system processes that outlive Fermata. */
export interface Launcher {
  /**
   * Starts a process in its own session and group, with files as standard streams.
   * @throws LaunchError when the program is missing, not executable, or the folder cannot be written.
   */
  launch(request: LaunchRequest): Promise<ProcessIdentity>
  /** Calls `onExit` once, when the process has ended. Works for processes of an earlier Fermata too. */
  watch(folder: string, identity: ProcessIdentity, onExit: (exit: AttemptExit) => void): Disposer
  /** Looks for the attempt whose marker is `marker`: by its files, by `recorded`, and by the marker in process environments. */
  inspect(folder: string, marker: string, recorded: ProcessIdentity | null): Promise<AttemptFinding>
  /** SIGTERM to the group, `graceMs`, SIGKILL, then makes sure; also ends marked processes that left the group. */
  stop(identity: ProcessIdentity, marker: string, graceMs: number): Promise<StopReport>
}

/** One execution of a sheet, as kept in the database. */
export interface AttemptRecord {
  readonly jobId: string
  readonly sheet: number
  readonly number: number
  /** Globally unique; the value of FERMATA_ATTEMPT. */
  readonly marker: string
  /** Absolute path. */
  readonly folder: string
  readonly instrument: string
  /** Which of the sheet's instruments it is; 0 is the first choice. */
  readonly choice: number
  readonly mode: SheetState['mode']
  readonly identity: ProcessIdentity | null
  /** Epoch ms. */
  readonly startedAt: number
  readonly endedAt: number | null
  readonly exitStatus: number | null
  readonly outcome: 'succeeded' | 'failed' | 'rate_limited' | 'stopped' | 'lost' | null
  readonly errorCode: string | null
  readonly errorMessage: string | null
  readonly usage: Usage | null
}

export interface JobRecord {
  readonly state: JobState
  readonly score: Score
  /** What the score means as sheets. */
  readonly plan: Plan
  /** What its user should know of the score though it was accepted: keys without effect, doubtful values. */
  readonly notes: readonly Diagnostic[]
  /** How many jobs are before it in its chain (Marianne: concert). */
  readonly chainDepth: number
  /** The job it follows in its chain. */
  readonly follows: string | null
  /** Absolute path of the score file it was submitted from. */
  readonly scorePath: string
}

/** The durable truth: jobs with their full checkpoint, and attempts. Synchronous; every call is one transaction. */
export interface JobStore {
  insert(job: JobRecord): void
  /** Writes the job row and the sheets of `next` that are not identical to those of `previous`, together with `attempt` if given. */
  commit(previous: JobState, next: JobState, attempt?: AttemptRecord): void
  /** Writes a job whose score was changed, with all its sheets. */
  replace(previous: JobState, next: JobRecord): void
  saveAttempt(attempt: AttemptRecord): void
  load(jobId: string): JobRecord | null
  /** Forgets a job with its sheets and attempts; whether it was there. */
  remove(jobId: string): boolean
  /** Newest first. */
  list(): readonly JobRecord[]
  /** Of one job, or of one of its sheets; in order of sheet and number. */
  attempts(jobId: string, sheet?: number): readonly AttemptRecord[]
  close(): void
}

/** What happened, for whoever wants to know. Times are epoch ms. */
export type EngineEvent =
  | { readonly type: 'job'; readonly jobId: string; readonly news: JobNews; readonly at: number; readonly reason: string }
  | {
      readonly type: 'sheet'
      readonly jobId: string
      readonly sheet: number
      readonly attempt: number
      readonly news: SheetNews
      readonly at: number
      readonly reason: string
    }
  /** The score asks for this to be shown on the desktop. */
  | { readonly type: 'notice'; readonly jobId: string; readonly title: string; readonly body: string }
  /** Something visible about the job changed; read it again. */
  | { readonly type: 'changed'; readonly jobId: string; readonly version: number }

/** Marianne §5.1: where a run reports to. Implementations never throw into the engine. */
export interface OutputProtocol {
  log(level: 'info' | 'warn' | 'error', message: string, context?: Readonly<Record<string, unknown>>): void
  /** `etaSeconds` is null while unknown. */
  progress(jobId: string, completed: number, total: number, etaSeconds: number | null): void
  sheetEvent(jobId: string, sheet: number, event: string, data?: Readonly<Record<string, unknown>>): void
  jobEvent(jobId: string, event: string, data?: Readonly<Record<string, unknown>>): void
}
