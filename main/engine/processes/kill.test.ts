import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { safeKill, safeKillGroup } from './kill.ts'

afterEach(() => vi.restoreAllMocks())

describe('signalling', () => {
  it('refuses every target that is more than one attempt', () => {
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true)
    for (const group of [1, 0, -1, -5, 1.5, Number.NaN, 4242]) expect(safeKillGroup(group, 'SIGKILL', 4242)).toBe(false)
    for (const pid of [1, 0, -1, Number.NaN, process.pid]) expect(safeKill(pid, 'SIGKILL')).toBe(false)
    expect(kill).not.toHaveBeenCalled()
  })

  it('is not an error when the target is gone', () => {
    // Above the highest pid Linux gives out.
    expect(safeKill(2 ** 22 + 1, 'SIGTERM')).toBe(false)
    expect(safeKillGroup(2 ** 22 + 1, 'SIGTERM', 4242)).toBe(false)
  })

  it('happens nowhere else in the engine and the app', async () => {
    const main = join(import.meta.dirname, '..', '..')
    const sources = (await readdir(main, { recursive: true })).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
    )
    const killing: string[] = []
    for (const name of sources) if ((await readFile(join(main, name), 'utf8')).includes('process.kill(')) killing.push(name)
    expect(killing).toEqual(['engine/processes/kill.ts'])
  })
})
