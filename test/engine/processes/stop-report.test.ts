import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ProcessEntry, ProcessTable } from '../../../main/engine/processes/process-table.ts'
import { stopAttempt } from '../../../main/engine/processes/stop.ts'

/** Above the highest pid Linux gives out: signals to them go nowhere. */
const leader = 2 ** 22 + 10

/** A process in the attempt's group, with what is told. */
function entryOf(entry: Pick<ProcessEntry, 'pid'> & Partial<ProcessEntry>): ProcessEntry {
  return { group: leader, startTime: 'a', parent: 1, state: 'running', mark: 'unproven', memoryBytes: 0, cpuMs: 0, ...entry }
}

const named = (pid: number) => ({ pid, startTime: 'a' })

/** A system on which nothing ever dies, as with a process that hangs in the kernel. */
function immortal(...entries: readonly ProcessEntry[]): ProcessTable {
  const self = entryOf({ pid: process.pid, group: 3, startTime: 's' })
  return {
    startTimeOf: () => null,
    list: async ({ pids }) => [self, ...entries].filter((entry) => pids === undefined || pids.includes(entry.pid)),
  }
}

afterEach(() => vi.restoreAllMocks())

describe('stopping what cannot be killed', () => {
  it('reports the survivors within the grace and a second, and only those that are the attempt’s', async () => {
    const table = immortal(
      entryOf({ pid: leader, mark: 'wrapper' }),
      entryOf({ pid: leader + 1 }),
      entryOf({ pid: leader + 2, state: 'ended' }),
      entryOf({ pid: leader + 3, group: leader + 3, mark: 'descendant' }),
      entryOf({ pid: leader + 4, group: leader + 4 }),
    )
    const begun = performance.now()
    const { survivors } = await stopAttempt(table, { pid: leader, startTime: 'a' }, 'm', 50)
    expect(survivors).toEqual([leader, leader + 1, leader + 3].map(named))
    expect(performance.now() - begun).toBeLessThan(1050)
  })

  it('keeps to the group it once proved, after the leader is gone', async () => {
    const member = entryOf({ pid: leader + 1, startTime: 'b' })
    const wrapper = entryOf({ pid: leader, mark: 'wrapper' })
    const [before, after] = [immortal(wrapper, member), immortal(member)]
    let looks = 0
    const table: ProcessTable = { ...after, list: (query) => (looks++ < 2 ? before : after).list(query) }
    expect(await stopAttempt(table, { pid: leader, startTime: 'a' }, 'm', 50)).toEqual({
      survivors: [{ pid: leader + 1, startTime: 'b' }],
    })
  })
  it('finds the survivors again, also when only their marker still tells, and ends those that can be ended by then', async () => {
    const hung = entryOf({ pid: leader + 1, group: leader + 1, state: 'waiting', mark: 'descendant' })
    const stuck = entryOf({ pid: leader + 3, group: leader + 3, state: 'waiting', mark: 'descendant' })
    const before = immortal(entryOf({ pid: leader, mark: 'wrapper' }), hung, stuck)
    const identity = { pid: leader, startTime: 'a' }
    expect(await stopAttempt(before, identity, 'm', 50)).toEqual({ survivors: [leader, leader + 1, leader + 3].map(named) })

    // Later, for another Fermata: the wrapper has died, and the network drive that one of the two waited for is back.
    let living = [hung, stuck]
    vi.spyOn(process, 'kill').mockImplementation((target, signal) => {
      if (signal === 'SIGKILL') living = living.filter(({ pid }) => pid !== -target || pid === stuck.pid)
      return true
    })
    const after: ProcessTable = { ...before, list: (query) => immortal(...living).list(query) }
    expect(await stopAttempt(after, identity, 'm', 50)).toEqual({ survivors: [named(stuck.pid)] })
  })
})

describe('a group that an attempt’s process made', () => {
  const identity = { pid: leader, startTime: 'a' }
  const other = leader + 10

  /** What is signalled when these are in that group, beside the attempt's own. */
  async function signalled(...members: readonly ProcessEntry[]): Promise<readonly number[]> {
    const targets = new Set<number>()
    vi.spyOn(process, 'kill').mockImplementation((target) => {
      targets.add(target)
      return true
    })
    await stopAttempt(immortal(...members), identity, 'm', 20)
    return [...targets]
  }

  it('is signalled as one, so that none of it slips away by forking', async () => {
    const members = [
      entryOf({ pid: other + 1, group: other, mark: 'descendant' }),
      entryOf({ pid: other + 2, group: other, mark: 'silent' }),
    ]
    expect(await signalled(...members)).toEqual([-other])
  })

  it('is left alone but for ours when a stranger is in it', async () => {
    const members = [
      entryOf({ pid: other + 1, group: other, mark: 'descendant' }),
      entryOf({ pid: other + 2, group: other, mark: 'unproven' }),
    ]
    expect(await signalled(...members)).toEqual([other + 1])
  })

  it('does not become ours by a process without an environment', async () => {
    expect(await signalled(entryOf({ pid: other + 1, group: other, mark: 'silent' }))).toEqual([])
  })
})
