import { describe, expect, it } from 'vitest'
import { createRefresher } from './refresher.ts'

describe('a refresher', () => {
  it('loads once at a time, and once more for everything asked meanwhile', async () => {
    const loads: (() => void)[] = []
    const refresh = createRefresher(() => new Promise((resolve) => loads.push(resolve)))
    const settle = async (index: number) => {
      loads[index]?.()
      await new Promise(setImmediate)
    }
    refresh()
    refresh()
    refresh()
    expect(loads).toHaveLength(1)
    await settle(0)
    expect(loads).toHaveLength(2)
    await settle(1)
    expect(loads).toHaveLength(2)
    refresh()
    expect(loads).toHaveLength(3)
  })
})
