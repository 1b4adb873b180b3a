/**
 * How a process relates to the attempt it was asked about. `wrapper`: it is the attempt's wrapper. `descendant`: it carries
 * the marker in its environment. `silent`: it has no environment, as for a moment while it begins another program or ends.
 * `unproven`: it has one without the marker, or the system does not show it.
 */
export type Mark = 'wrapper' | 'descendant' | 'silent' | 'unproven'

/**
 * `waiting`: it hangs in the kernel, on a disk or on a child that was just forked; it does nothing of its own and takes no
 * signal before that is over. `frozen`: stopped by a signal. `ended`: a zombie; it still has a pid, and nothing of it runs.
 */
export type ProcessState = 'running' | 'waiting' | 'frozen' | 'ended'

/** A process as the system lists it. */
export interface ProcessEntry {
  readonly pid: number
  /** Whose child it is; 1 or a reaper's when that one has ended. */
  readonly parent: number
  /** Id of its process group. */
  readonly group: number
  /** Opaque; equal for the same process only, also across restarts of the computer. */
  readonly startTime: string
  readonly state: ProcessState
  readonly mark: Mark
  /** Resident memory, shared parts included. */
  readonly memoryBytes: number
  /** User and system time since its start; on Linux with that of the children it waited for. */
  readonly cpuMs: number
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
  /** The processes that exist, zombies included, as they are after the call. */
  list(query: ProcessQuery): Promise<readonly ProcessEntry[]>
}

/** The process is there and not a zombie. */
export function isLive(entry: ProcessEntry): boolean {
  return entry.state !== 'ended'
}

/** Nothing of these processes runs, and it is not only because they wait. */
export function isFrozen(entries: readonly ProcessEntry[]): boolean {
  return entries.some(({ state }) => state === 'frozen') && entries.every(({ state }) => state !== 'running')
}
