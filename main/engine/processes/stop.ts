import { setTimeout as delay } from 'node:timers/promises'
import type { ProcessIdentity, StopReport } from '../ports.ts'
import { AttemptProcesses, nameOf } from './attempt-processes.ts'
import type { ProcessEntry, ProcessTable } from './process-table.ts'

/** Pause between two looks while something is being stopped, in ms: short at first, longer for what takes its time. */
const shortest = 5
const longest = 100
/** How long those who got SIGKILL are waited for before it is looked whether they left others, in ms. */
const breedTime = 50
/** How long after SIGKILL a process is given to disappear, in ms. */
const killTime = 800

/**
 * Ends an attempt: SIGTERM to its group and to marked processes outside it, `graceMs` to obey, SIGKILL, and another look.
 * A process is ended only if it proves to belong to the attempt; see {@link AttemptProcesses.scan}.
 */
export async function stopAttempt(
  table: ProcessTable,
  identity: ProcessIdentity,
  marker: string,
  graceMs: number,
): Promise<StopReport> {
  const attempt = await AttemptProcesses.of(table, identity, marker)
  const unwilling = await end(attempt, 'SIGTERM', graceMs, await attempt.scan())
  const survivors = await end(attempt, 'SIGKILL', killTime, unwilling)
  return { survivors: survivors.map(({ pid, startTime }) => ({ pid, startTime })) }
}

/** Signals `targets`, and what appears meanwhile, until nothing lives. Tells what still does after `ms`. */
async function end(
  attempt: AttemptProcesses,
  signal: 'SIGTERM' | 'SIGKILL',
  ms: number,
  targets: readonly ProcessEntry[],
): Promise<readonly ProcessEntry[]> {
  const begun = performance.now()
  const deadline = begun + ms
  const signalled = new Set<string>()
  let living = targets
  while (living.length > 0) {
    const fresh = living.filter((entry) => !signalled.has(nameOf(entry)))
    await attempt.signal(fresh, signal)
    // Thawed only now: the signal is the first thing a frozen process finds, it does no more work before.
    await attempt.signal(fresh.filter(mayBeFrozen), 'SIGCONT')
    for (const entry of fresh) signalled.add(nameOf(entry))
    // A scan looks at every process: it waits until those we know are gone. But what is to be killed may not breed.
    const scanAt = signal === 'SIGTERM' ? deadline : Math.min(deadline, performance.now() + breedTime)
    do await delay(pause(performance.now() - begun, scanAt - performance.now()))
    while (performance.now() < scanAt && (await attempt.stillThere(living)).length > 0)
    const isOver = performance.now() >= deadline
    // Those who had their time are killed at once: who else is there shows then.
    const left = isOver && signal === 'SIGTERM' ? await attempt.stillThere(living) : []
    living = left.length > 0 ? left : await attempt.scan()
    if (isOver) break
  }
  return living
}

/** Until the next look: longer with the time that has passed, but not beyond the time that is left. */
function pause(passed: number, left: number): number {
  return Math.max(0, Math.min(longest, left, Math.max(shortest, passed / 4)))
}

/** What waits in the kernel may have been told to stop before. */
function mayBeFrozen(entry: ProcessEntry): boolean {
  return entry.state === 'frozen' || entry.state === 'waiting'
}
