import { describe, expect, it } from 'vitest'
import type { ProcessEntry, ProcessTable } from './process-table.ts'
import { stopAttempt } from './stop.ts'

/** Above the highest pid Linux gives out: signals to them go nowhere. */
const leader = 2 ** 22 + 10

/** A system on which nothing ever dies, as with a process that hangs in the kernel. */
function immortal(...entries: readonly ProcessEntry[]): ProcessTable {
  const self: ProcessEntry = { pid: process.pid, group: 3, startTime: 's', state: 'running', mark: 'unproven' }
  return {
    startTimeOf: () => null,
    list: async ({ pids }) => [self, ...entries].filter((entry) => pids === undefined || pids.includes(entry.pid)),
  }
}

describe('stopping what cannot be killed', () => {
  it('reports the survivors within the grace and a second, and only those that are the attempt’s', async () => {
    const entry = { group: leader, startTime: 'a', state: 'running', mark: 'unproven' } as const
    const table = immortal(
      { ...entry, pid: leader, mark: 'wrapper' },
      { ...entry, pid: leader + 1 },
      { ...entry, pid: leader + 2, state: 'ended' },
      { ...entry, pid: leader + 3, group: leader + 3, mark: 'descendant' },
      { ...entry, pid: leader + 4, group: leader + 4 },
    )
    const begun = performance.now()
    const { survivors } = await stopAttempt(table, { pid: leader, startTime: 'a' }, 'm', 50)
    expect(survivors).toEqual([leader, leader + 1, leader + 3])
    expect(performance.now() - begun).toBeLessThan(1050)
  })

  it('keeps to the group it once proved, after the leader is gone', async () => {
    const member: ProcessEntry = { pid: leader + 1, group: leader, startTime: 'b', state: 'running', mark: 'unproven' }
    const wrapper: ProcessEntry = { pid: leader, group: leader, startTime: 'a', state: 'running', mark: 'wrapper' }
    const [before, after] = [immortal(wrapper, member), immortal(member)]
    let looks = 0
    const table: ProcessTable = { ...after, list: (query) => (looks++ < 2 ? before : after).list(query) }
    expect(await stopAttempt(table, { pid: leader, startTime: 'a' }, 'm', 50)).toEqual({ survivors: [leader + 1] })
  })
})
