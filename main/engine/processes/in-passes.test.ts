import { describe, expect, it, vi } from 'vitest'
import { inPasses } from './in-passes.ts'

describe('a look that is shared', () => {
  it('answers each question by a pass that began after it, and takes no more passes than that needs', async () => {
    const passes: string[] = []
    const ends: (() => void)[] = []
    const ask = inPasses(async (questions: readonly string[]) => {
      const pass = passes.push(questions.join(' '))
      await new Promise<void>((resolve) => ends.push(resolve))
      return pass
    })
    const begun = (pass: number) => vi.waitFor(() => expect(passes).toHaveLength(pass), { interval: 1 })
    const first = [ask('a'), ask('b')]
    await begun(1)
    const second = [ask('c'), ask('d')]
    ends[0]?.()
    expect(await Promise.all(first)).toEqual([1, 1])
    await begun(2)
    const third = ask('e')
    ends[1]?.()
    expect(await Promise.all(second)).toEqual([2, 2])
    await begun(3)
    ends[2]?.()
    expect(await third).toBe(3)
    expect(passes).toEqual(['a b', 'c d', 'e'])
  })

  it('is not spoilt by a pass that failed', async () => {
    let fails = true
    const ask = inPasses(async () => {
      if (fails) throw new Error('no list')
      return 'list'
    })
    await expect(Promise.all([ask(1), ask(2)])).rejects.toThrow('no list')
    fails = false
    expect(await ask(3)).toBe('list')
  })
})
