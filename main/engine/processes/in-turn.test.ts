import { describe, expect, it } from 'vitest'
import { inTurn } from './in-turn.ts'

describe('work in turn', () => {
  it('waits for what was asked before it under the same key, also when that failed, and for nothing else', async () => {
    const turn = inTurn()
    const done: string[] = []
    let finish = () => {}
    const slow = turn('a', async () => {
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      done.push('slow')
      throw new Error('in vain')
    })
    const next = turn('a', async () => done.push('next'))
    await turn('b', async () => done.push('other'))
    expect(done).toEqual(['other'])
    finish()
    await expect(slow).rejects.toThrow('in vain')
    expect(await next).toBe(3)
    expect(done).toEqual(['other', 'slow', 'next'])
    expect(await turn('a', async () => 'new')).toBe('new')
  })
})
