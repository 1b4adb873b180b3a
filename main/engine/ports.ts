import type { Diagnostic } from './errors.ts'
import type { JobNews, JobState, SheetNews, SheetState, Usage } from './scheduling/state.ts'
import type { Plan, Score } from './score/score.ts'

/** Stops, unsubscribes or frees what was started. Calling it twice is harmless. */
export type Disposer = () => void

/** The computer slept for so long, or its wall clock was set by so much (negative: back). Both in ms. */
export interface TimeShift {
  readonly sleptMs: number
  readonly jumpedMs: number
}

/** Time from outside, so that tests can simulate it. */
export interface Clock {
  /** Epoch ms: the wall clock, which people and daylight set. */
  now(): number
  /**
   * For how many ms the computer was awake since it started. It never goes back and stands while the computer sleeps; the
   * same for every process until the computer starts anew.
   */
  awake(): number
  /** Calls `run` once at or after `at` (epoch ms); at once, but never synchronously, when that has passed. */
  at(at: number, run: () => void): Disposer
  /** Calls `run` once after the computer was awake for `ms` more. */
  after(ms: number, run: () => void): Disposer
  /**
   * Tells of sleep and of a wall clock that was set: before anything that came due by it runs, and at the latest 30 s later
   * while something is waited for.
   */
  onShift(listener: (shift: TimeShift) => void): Disposer
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
  /** `frozen`: every process of its group is stopped. */
  | { readonly kind: 'alive'; readonly identity: ProcessIdentity; readonly frozen: boolean }
  | { readonly kind: 'exited'; readonly status: number }
  | { readonly kind: 'gone' }

export interface StopReport {
  /**
   * Processes that are proven to be the attempt's and still live. Empty when the stop was complete. Another stop finds those
   * again whose group's leader lives or that show their marker; `living` tells of the others.
   */
  readonly survivors: readonly ProcessIdentity[]
}

export interface FreezeReport {
  /** How many processes of the attempt live; 0 when it has ended. */
  readonly processes: number
  /** Pids that did not obey in time: that run on after a freeze, or are still stopped after a thaw. */
  readonly unwilling: readonly number[]
}

/** What an attempt's process group uses at one moment; all zero when its leader is gone. Processes that left the group do not count. */
export interface GroupSample {
  /** How many live. */
  readonly processes: number
  /** Resident memory (RSS) in bytes; what processes share is counted for each of them, so this is an upper bound. */
  readonly memoryBytes: number
  /**
   * User and system time of its members in ms, each since its start; on Linux also that of the children they waited for. Two
   * samples tell the load between them; the later one may be lower when a process has ended.
   */
  readonly cpuMs: number
  /** Every one of its processes is stopped. */
  readonly frozen: boolean
}

/** Starts, watches and ends attempts as operating-system processes that outlive Fermata. Orders to one attempt are carried out one after another. */
export interface Launcher {
  /** Whether this system can stop processes and let them go on; `freeze` and `thaw` throw where it cannot. */
  readonly canFreeze: boolean
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
  /**
   * SIGSTOP to the group and to marked processes that left it, until all are seen to stand still. Harmless when they do.
   * @throws LaunchError FREEZE_UNSUPPORTED where `canFreeze` is false.
   */
  freeze(identity: ProcessIdentity, marker: string): Promise<FreezeReport>
  /**
   * SIGCONT to the same processes, until none is seen stopped. Harmless when none is.
   * @throws LaunchError FREEZE_UNSUPPORTED where `canFreeze` is false.
   */
  thaw(identity: ProcessIdentity, marker: string): Promise<FreezeReport>
  /** Those of `processes` that still live: with this pid and this start time, and not as zombies. */
  living(processes: readonly ProcessIdentity[]): Promise<readonly ProcessIdentity[]>
  /** What each of these attempts' groups uses now, in their order; one look at the system for all of them. */
  sample(attempts: readonly { readonly identity: ProcessIdentity }[]): Promise<readonly GroupSample[]>
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
  /** When it began, by {@link Clock.awake}: its timeouts count from there. Null where an earlier Fermata did not note it. */
  readonly startedAwake: number | null
  /** How long it stood still (frozen) up to `frozenAwake`, in ms awake. */
  readonly stillMs: number
  /** Since when it stands still, by {@link Clock.awake}; null while it does not. */
  readonly frozenAwake: number | null
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

/** What its user keeps in a safe place for notifications; read when it is needed, never stored by the engine. */
export interface Secrets {
  /** Null where there is none of this name. */
  get(name: string): string | null
  /** All of them, to be shown nowhere; another list when there are others. */
  values(): readonly string[]
}

/** What is to be shown to the user; the job is the one a click on it shows, null for none. */
export interface Notice {
  readonly title: string
  readonly body: string
  readonly jobId: string | null
}

/** Shows notices. Null when it was shown, else why not; never rejects. */
export type ShowNotice = (notice: Notice) => Promise<string | null>

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
  /** Told once for all jobs that it concerns; this is one of them. */
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
