import { describe, expect, it } from 'vitest'
import { aJob } from '../../test/support/fake-bridge.ts'
import { sumOfToday } from './sidebar.tsx'

const now = new Date(2026, 2, 12, 15, 0).getTime()
const today = new Date(2026, 2, 12, 0, 0).getTime()
const usage = (inputTokens: number, costUsd: number | null) => ({
  inputTokens,
  outputTokens: 0,
  cacheReadTokens: 5_000,
  cacheWriteTokens: 0,
  costUsd,
})

describe('what today came to', () => {
  it('sums the jobs that began today, and no other', () => {
    const jobs = [
      aJob({ id: 'morning', startedAt: today, usage: usage(100, 1.5) }),
      aJob({ id: 'free', startedAt: now, usage: usage(20, null) }),
      aJob({ id: 'yesterday', startedAt: today - 1, usage: usage(7_000, 9) }),
      aJob({ id: 'queued', startedAt: null, usage: usage(0, null) }),
    ]
    expect(sumOfToday(jobs, now)).toEqual({ count: 2, tokens: 120, cost: 1.5 })
  })

  it('names no cost where nobody named a price', () => {
    expect(sumOfToday([aJob({ id: 'free', startedAt: now, usage: usage(20, null) })], now).cost).toBeNull()
  })
})
