import { afterEach, describe, expect, it, vi } from 'vitest'
import { freezeAttempt, thawAttempt } from '../../../main/engine/processes/freeze.ts'
import type { ProcessEntry, ProcessState, ProcessTable } from '../../../main/engine/processes/process-table.ts'

/** Above the highest pid Linux gives out: no signal to them could hit anything. */
const leader = 2 ** 22 + 10
const outside = leader + 5
const identity = { pid: leader, startTime: 'a' }

afterEach(() => vi.restoreAllMocks())

/** A system of one attempt with a wrapper, two commands and one process outside its group; tells the signals it got. */
function system(states: readonly [ProcessState, ProcessState, ProcessState, ProcessState]) {
  const known = { startTime: 'a', parent: 1, mark: 'unproven', memoryBytes: 0, cpuMs: 0 } as const
  const entries: ProcessEntry[] = [
    { ...known, pid: process.pid, group: 3, state: 'running' },
    { ...known, pid: leader, group: leader, state: states[0], mark: 'wrapper' },
    { ...known, pid: leader + 1, group: leader, state: states[1] },
    { ...known, pid: leader + 2, group: leader, state: states[2] },
    { ...known, pid: outside, group: outside, state: states[3], mark: 'descendant' },
  ]
  const table: ProcessTable = {
    startTimeOf: () => null,
    list: async ({ pids }) => entries.filter((entry) => pids === undefined || pids.includes(entry.pid)),
  }
  const signals: string[] = []
  vi.spyOn(process, 'kill').mockImplementation((pid, signal) => {
    signals.push(`${signal} ${pid === -leader ? 'group' : 'outside'}`)
    return true
  })
  return { table, signals }
}

describe('freezing and thawing', () => {
  it('names what does not obey, soon', async () => {
    const { table } = system(['frozen', 'running', 'ended', 'frozen'])
    const begun = performance.now()
    expect(await freezeAttempt(table, identity, 'm')).toEqual({ processes: 3, unwilling: [leader + 1] })
    expect(performance.now() - begun).toBeLessThan(1000)
    expect(await thawAttempt(table, identity, 'm')).toEqual({ processes: 3, unwilling: [leader, outside] })
  })

  it('does not wait for what hangs in the kernel: it meets the signal before it does anything', async () => {
    const { table, signals } = system(['frozen', 'waiting', 'frozen', 'frozen'])
    expect(await freezeAttempt(table, identity, 'm')).toEqual({ processes: 4, unwilling: [] })
    expect(signals).toEqual(['SIGSTOP group'])
  })

  it('holds the group first and lets it go last, so that what it works with never stands still alone', async () => {
    const running = system(['running', 'running', 'running', 'running'])
    await freezeAttempt(running.table, identity, 'm')
    expect(running.signals.slice(0, 2)).toEqual(['SIGSTOP group', 'SIGSTOP outside'])
    vi.restoreAllMocks()
    const frozen = system(['frozen', 'frozen', 'frozen', 'frozen'])
    await thawAttempt(frozen.table, identity, 'm')
    expect(frozen.signals.slice(0, 2)).toEqual(['SIGCONT outside', 'SIGCONT group'])
  })

  it('signals nothing that is as it should be', async () => {
    const { table, signals } = system(['frozen', 'frozen', 'ended', 'frozen'])
    expect(await freezeAttempt(table, identity, 'm')).toEqual({ processes: 3, unwilling: [] })
    expect(signals).toEqual([])
  })
})
