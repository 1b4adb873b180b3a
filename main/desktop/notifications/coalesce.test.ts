import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Notice } from '../../engine/index.ts'
import { createCoalescer } from './coalesce.ts'

const notice = (n: number): Notice => ({ title: `job ${n} failed`, body: 'why', jobId: `job-${n}` })

describe('a burst of notifications', () => {
  let shown: string[]
  let add: (n: number) => Promise<string | null>
  let dispose: () => void

  beforeEach(() => {
    vi.useFakeTimers()
    shown = []
    const coalescer = createCoalescer(async ({ title }) => {
      shown.push(title)
      return shown.length > 3 ? 'refused' : null
    })
    add = (n) => coalescer.add(notice(n))
    dispose = coalescer.dispose
  })
  afterEach(() => vi.useRealTimers())

  it('shows three at once and the rest as one, ten seconds after the first', () => {
    for (let n = 1; n <= 8; n++) void add(n)
    expect(shown).toEqual(['job 1 failed', 'job 2 failed', 'job 3 failed'])
    vi.advanceTimersByTime(9_999)
    expect(shown).toHaveLength(3)
    vi.advanceTimersByTime(1)
    expect(shown[3]).toBe('5 jobs have news')
  })

  it('is answered for each of them, when it was shown or not', async () => {
    const answers = Promise.all([1, 2, 3, 4, 5].map((n) => add(n)))
    vi.advanceTimersByTime(10_000)
    expect(await answers).toEqual([null, null, null, 'refused', 'refused'])
  })

  it('never holds back a notification that comes alone', () => {
    for (let n = 1; n <= 20; n++) {
      void add(n)
      vi.advanceTimersByTime(4_000)
    }
    expect(shown).toHaveLength(20)
  })

  it('keeps no timer when nothing is held, and drops what is held when disposed of', () => {
    void add(1)
    expect(vi.getTimerCount()).toBe(0)
    for (let n = 2; n <= 5; n++) void add(n)
    dispose()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(60_000)
    expect(shown).toHaveLength(3)
  })
})
