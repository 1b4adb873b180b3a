import type { Diagnostic } from './errors.ts'
import type {
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
  /** When it is stopped if it prints nothing until then (epoch ms); null where its score does not watch for silence. */
  readonly staleAt: number | null
  /** What its process group uses; null while nobody looks. */
  readonly load: GroupLoad | null
}

/** What the processes of an attempt use, sampled at most every 2 s. */
export interface GroupLoad {
  readonly processes: number
  /** Resident memory (RSS) in bytes; shared memory counts once for each process. */
  readonly memoryBytes: number
  /** 100 is one core at full load; null until it was looked at twice. */
  readonly cpuPercent: number | null
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
  /** Sheet statuses in sheet order. */
  readonly sheetStatuses: readonly SheetStatus[]
  readonly completedSheets: number
  readonly totalSheets: number
  readonly usage: Usage
  readonly running: readonly AttemptView[]
  /** It stands still until a person does something: it failed, was lost, or met its limit too often. */
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
}
