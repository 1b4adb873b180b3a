import { setTimeout as delay } from 'node:timers/promises'
import type { FreezeReport, ProcessIdentity } from '../ports.ts'
import { AttemptProcesses, nameOf } from './attempt-processes.ts'
import type { ProcessEntry, ProcessTable } from './process-table.ts'

/** Pause between two looks after the first two, in ms. */
const lookEvery = 2
/** How long processes are given to obey, in ms. Usually the first look after the signal finds that they do. */
const patience = 500

/** Stops all of an attempt's processes where they are; see {@link AttemptProcesses.scan} for what belongs to it. */
export function freezeAttempt(table: ProcessTable, identity: ProcessIdentity, marker: string): Promise<FreezeReport> {
  return bring(table, identity, marker, 'SIGSTOP', 'frozen')
}

/** Lets all of an attempt's processes go on. */
export function thawAttempt(table: ProcessTable, identity: ProcessIdentity, marker: string): Promise<FreezeReport> {
  return bring(table, identity, marker, 'SIGCONT', 'running')
}

/** Signals whoever is not in the wished state, those that appear meanwhile too, until nobody is left or patience is over. */
async function bring(
  table: ProcessTable,
  identity: ProcessIdentity,
  marker: string,
  signal: 'SIGSTOP' | 'SIGCONT',
  wished: 'frozen' | 'running',
): Promise<FreezeReport> {
  const attempt = await AttemptProcesses.of(table, identity, marker)
  const deadline = performance.now() + patience
  const signalled = new Set<string>()
  // What waits in the kernel meets the signal before it does anything else: to have sent it is enough.
  const obeys = (entry: ProcessEntry) => entry.state === wished || (entry.state === 'waiting' && signalled.has(nameOf(entry)))
  for (let looks = 1; ; looks += 1) {
    const processes = await attempt.scan()
    const unwilling = processes.filter((entry) => !obeys(entry))
    if (unwilling.length === 0 || performance.now() >= deadline) {
      return { processes: processes.length, unwilling: unwilling.map((entry) => entry.pid) }
    }
    await attempt.signal(unwilling, signal)
    for (const entry of unwilling) signalled.add(nameOf(entry))
    if (looks > 1) await delay(lookEvery)
  }
}
