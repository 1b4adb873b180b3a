import type { ProcessIdentity } from '../ports.ts'
import { safeKill, safeKillGroup } from './kill.ts'
import { isLive, type ProcessEntry, type ProcessTable } from './process-table.ts'

/** Finds and signals the processes of one attempt, and no others. */
export class AttemptProcesses {
  readonly #table: ProcessTable
  readonly #identity: ProcessIdentity
  readonly #marker: string
  readonly #ownGroup: number
  /** Processes once proven to be the attempt's. While one of them is in the group, the group's id cannot have been reused. */
  readonly #proven = new Set<string>()
  /** Groups that held nothing but the attempt's processes whenever they were looked at. */
  readonly #wholeGroups = new Set<number>()

  private constructor(table: ProcessTable, identity: ProcessIdentity, marker: string, ownGroup: number) {
    this.#table = table
    this.#identity = identity
    this.#marker = marker
    this.#ownGroup = ownGroup
  }

  static async of(table: ProcessTable, identity: ProcessIdentity, marker: string): Promise<AttemptProcesses> {
    const [self] = await table.list({ pids: [process.pid] })
    if (self === undefined) throw new Error('The process list does not show this process.')
    return new AttemptProcesses(table, identity, marker, self.group)
  }

  /**
   * The attempt's live processes: those with its marker, and all of its group if the group is proven to be ours, that is,
   * if its leader has the recorded start time or, once the leader is gone, if it has a member that is ours. A leader with
   * another start time means that the pid was reused: then the group is a stranger's. And the children of all these, whatever
   * they did to their group and their environment.
   */
  async scan(): Promise<readonly ProcessEntry[]> {
    const entries = await this.#table.list({ marker: this.#marker, since: this.#identity.startTime })
    const isOurs = (entry: ProcessEntry) =>
      entry.mark === 'wrapper' ||
      entry.mark === 'descendant' ||
      this.#proven.has(nameOf(entry)) ||
      // Just forked in a group that was ours a moment ago.
      (entry.mark === 'silent' && this.#wholeGroups.has(entry.group))
    const group = entries.filter((entry) => entry.group === this.#identity.pid)
    const leader = entries.find((entry) => entry.pid === this.#identity.pid)
    const groupIsOurs = leader ? leader.startTime === this.#identity.startTime || isOurs(leader) : group.some(isOurs)
    const targets = entries.filter(
      (entry) =>
        isLive(entry) &&
        entry.pid !== process.pid &&
        (isOurs(entry) || (groupIsOurs && entry.group === this.#identity.pid && entry.group !== this.#ownGroup)),
    )
    const ours = withChildren(new Set(targets), entries, this.#ownGroup)
    for (const entry of ours) this.#proven.add(nameOf(entry))
    const isForeign = (entry: ProcessEntry) => isLive(entry) && entry.mark !== 'silent' && !ours.has(entry)
    const mixed = new Set(entries.filter(isForeign).map((entry) => entry.group))
    for (const { group } of ours) if (!mixed.has(group)) this.#wholeGroups.add(group)
    for (const group of mixed) this.#wholeGroups.delete(group)
    return [...ours]
  }

  /**
   * One signal to each group that is wholly ours, so that nobody slips away by forking, and one to each other process that
   * is still the same. The attempt's own group comes first and goes on last: what left it never stands still while it
   * works. So nothing in it waits for a mute server, and should Fermata die between the two, the attempt is seen to be frozen.
   */
  async signal(targets: readonly ProcessEntry[], signal: NodeJS.Signals): Promise<void> {
    const own = this.#identity.pid
    const groups = new Set(targets.map((entry) => entry.group).filter((group) => this.#wholeGroups.has(group)))
    const others = await this.stillThere(targets.filter((entry) => !groups.has(entry.group)))
    const toOwn = () => groups.has(own) && safeKillGroup(own, signal, this.#ownGroup)
    if (signal !== 'SIGCONT') toOwn()
    for (const group of groups) if (group !== own) safeKillGroup(group, signal, this.#ownGroup)
    for (const entry of others) safeKill(entry.pid, signal)
    if (signal === 'SIGCONT') toOwn()
  }

  /** Those of `targets` that still live as the same process. */
  async stillThere(targets: readonly ProcessEntry[]): Promise<readonly ProcessEntry[]> {
    if (targets.length === 0) return []
    const names = new Set(targets.map(nameOf))
    const now = await this.#table.list({ pids: targets.map((entry) => entry.pid) })
    return now.filter((entry) => isLive(entry) && names.has(nameOf(entry)))
  }
}

/** With the children of `ours`, and theirs: their parents are there to prove it. */
function withChildren(ours: Set<ProcessEntry>, entries: readonly ProcessEntry[], ownGroup: number): ReadonlySet<ProcessEntry> {
  const pids = new Set([...ours].map(({ pid }) => pid))
  for (let before = -1; before < ours.size; ) {
    before = ours.size
    for (const entry of entries) {
      if (!pids.has(entry.parent) || pids.has(entry.pid) || !isLive(entry) || entry.group === ownGroup) continue
      ours.add(entry)
      pids.add(entry.pid)
    }
  }
  return ours
}

/** Names a process for good: pids are reused. */
export function nameOf(entry: ProcessEntry): string {
  return `${entry.pid} ${entry.startTime}`
}
