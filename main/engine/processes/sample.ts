import type { GroupSample, ProcessIdentity } from '../ports.ts'
import { isFrozen, isLive, type ProcessEntry, type ProcessTable } from './process-table.ts'

/**
 * What each of these attempts' groups uses, in one look at the process list. A group counts only while its leader has the
 * recorded start time. Environments are not read, which would cost many times as much: processes that left do not count.
 */
export async function sampleGroups(
  table: ProcessTable,
  attempts: readonly { readonly identity: ProcessIdentity }[],
): Promise<readonly GroupSample[]> {
  const groups = new Map<number, ProcessEntry[]>(attempts.map(({ identity }) => [identity.pid, []]))
  if (attempts.length > 0) for (const entry of await table.list({})) groups.get(entry.group)?.push(entry)
  return attempts.map(({ identity }) => {
    const group = groups.get(identity.pid) ?? []
    const isOurs = group.some((entry) => entry.pid === identity.pid && entry.startTime === identity.startTime)
    return sumOf(isOurs ? group : [])
  })
}

function sumOf(group: readonly ProcessEntry[]): GroupSample {
  const live = group.filter(isLive)
  return {
    processes: live.length,
    memoryBytes: live.reduce((sum, entry) => sum + entry.memoryBytes, 0),
    // A zombie's time is not yet its parent's.
    cpuMs: group.reduce((sum, entry) => sum + entry.cpuMs, 0),
    frozen: isFrozen(live),
  }
}
