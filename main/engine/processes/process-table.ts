/**
 * How a process relates to the attempt it was asked about. `wrapper`: it is the attempt's wrapper. `descendant`: it carries
 * the marker in its environment. `unproven`: it does not, or the system does not show its environment.
 */
export type Mark = 'wrapper' | 'descendant' | 'unproven'

/** A process as the system lists it. */
export interface ProcessEntry {
  readonly pid: number
  /** Id of its process group. */
  readonly group: number
  /** Opaque; equal for the same process only, also across restarts of the computer. */
  readonly startTime: string
  /** `ended` is a zombie: it still has a pid, and nothing of it runs. */
  readonly state: 'running' | 'frozen' | 'ended'
  readonly mark: Mark
}

/** What to list. */
export interface ProcessQuery {
  /** Only these pids; every process of the system without it. */
  readonly pids?: readonly number[]
  /** Tell each process's mark for this attempt. Without it every mark is `unproven`. */
  readonly marker?: string
  /** Start time of the attempt's wrapper, if known: nothing older can be marked, which spares most of the looking. */
  readonly since?: string | undefined
}

/** One operating system's view of its processes. */
export interface ProcessTable {
  /** The start time of a child that was not waited for yet. Synchronous, so that the event loop cannot reap it before. */
  startTimeOf(pid: number): string | null
  /** The processes that exist, zombies included. */
  list(query: ProcessQuery): Promise<readonly ProcessEntry[]>
}

/** The process is there and not a zombie. */
export function isLive(entry: ProcessEntry): boolean {
  return entry.state !== 'ended'
}
