import { setTimeout as delay } from 'node:timers/promises'
import type { ProcessIdentity, StopReport } from '../ports.ts'
import { safeKill, safeKillGroup } from './kill.ts'
import { isLive, type ProcessEntry, type ProcessTable } from './process-table.ts'

/** Pause between two looks while something is being stopped, in ms. */
const lookEvery = 25
/** How long after SIGKILL a process is given to disappear, in ms. */
const killTime = 800

/**
 * Ends an attempt: SIGTERM to its group and to marked processes outside it, `graceMs` to obey, SIGKILL, and another look.
 * A process is ended only if it proves to belong to the attempt; see {@link Attempt.scan}.
 */
export async function stopAttempt(
  table: ProcessTable,
  identity: ProcessIdentity,
  marker: string,
  graceMs: number,
): Promise<StopReport> {
  const attempt = new Attempt(table, identity, marker, await ownGroup(table))
  const unwilling = await attempt.end('SIGTERM', graceMs, await attempt.scan())
  const survivors = await attempt.end('SIGKILL', killTime, unwilling)
  return { survivors: survivors.map((entry) => entry.pid) }
}

async function ownGroup(table: ProcessTable): Promise<number> {
  const [self] = await table.list({ pids: [process.pid] })
  if (self === undefined) throw new Error('The process list does not show this process.')
  return self.group
}

class Attempt {
  readonly #table: ProcessTable
  readonly #identity: ProcessIdentity
  readonly #marker: string
  readonly #ownGroup: number
  /** Processes once proven to be the attempt's. While one of them is in the group, the group's id cannot have been reused. */
  readonly #proven = new Set<string>()

  constructor(table: ProcessTable, identity: ProcessIdentity, marker: string, ownGroup: number) {
    this.#table = table
    this.#identity = identity
    this.#marker = marker
    this.#ownGroup = ownGroup
  }

  /**
   * The attempt's live processes: those with its marker, and all of its group if the group is proven to be ours, that is,
   * if its leader has the recorded start time or, once the leader is gone, if it has a member that is ours. A leader with
   * another start time means that the pid was reused: then the group is a stranger's.
   */
  async scan(): Promise<readonly ProcessEntry[]> {
    const entries = await this.#table.list({ marker: this.#marker, since: this.#identity.startTime })
    const isOurs = (entry: ProcessEntry) => entry.mark !== 'unproven' || this.#proven.has(nameOf(entry))
    const group = entries.filter((entry) => entry.group === this.#identity.pid)
    const leader = entries.find((entry) => entry.pid === this.#identity.pid)
    const groupIsOurs = leader ? leader.startTime === this.#identity.startTime || isOurs(leader) : group.some(isOurs)
    const targets = entries.filter(
      (entry) =>
        isLive(entry) &&
        entry.pid !== process.pid &&
        (isOurs(entry) || (groupIsOurs && entry.group === this.#identity.pid && entry.group !== this.#ownGroup)),
    )
    for (const entry of targets) this.#proven.add(nameOf(entry))
    return targets
  }

  /** Signals `targets`, and what appears meanwhile, until nothing lives. Tells what still does after `ms`. */
  async end(signal: 'SIGTERM' | 'SIGKILL', ms: number, targets: readonly ProcessEntry[]): Promise<readonly ProcessEntry[]> {
    const deadline = performance.now() + ms
    const signalled = new Set<string>()
    let living = targets
    while (living.length > 0) {
      const fresh = living.filter((entry) => !signalled.has(nameOf(entry)))
      await this.#signal(fresh, signal)
      for (const entry of fresh) signalled.add(nameOf(entry))
      // A scan looks at every process: it waits until those we know are gone. But what is to be killed may not breed.
      do await delay(lookEvery)
      while (signal === 'SIGTERM' && performance.now() < deadline && (await this.#anyLeft(living)))
      living = await this.scan()
      if (performance.now() >= deadline) break
    }
    return living
  }

  async #signal(targets: readonly ProcessEntry[], signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const group = this.#identity.pid
    const members = targets.filter((entry) => entry.group === group)
    const others = await this.#stillThere(targets.filter((entry) => entry.group !== group))
    if (members.length > 0) safeKillGroup(group, signal, this.#ownGroup)
    for (const entry of others) safeKill(entry.pid, signal)
    // Thawed only now: the signal is the first thing a frozen process finds, it does no more work before.
    if (members.some(isFrozen)) safeKillGroup(group, 'SIGCONT', this.#ownGroup)
    for (const entry of others.filter(isFrozen)) safeKill(entry.pid, 'SIGCONT')
  }

  async #anyLeft(targets: readonly ProcessEntry[]): Promise<boolean> {
    return (await this.#stillThere(targets)).length > 0
  }

  /** Those of `targets` that still live as the same process. */
  async #stillThere(targets: readonly ProcessEntry[]): Promise<readonly ProcessEntry[]> {
    if (targets.length === 0) return []
    const names = new Set(targets.map(nameOf))
    const now = await this.#table.list({ pids: targets.map((entry) => entry.pid) })
    return now.filter((entry) => isLive(entry) && names.has(nameOf(entry)))
  }
}

function nameOf(entry: ProcessEntry): string {
  return `${entry.pid} ${entry.startTime}`
}

function isFrozen(entry: ProcessEntry): boolean {
  return entry.state === 'frozen'
}
