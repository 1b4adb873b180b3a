import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aScore } from '../../../test/support/score.ts'
import { backoffMs } from './backoff.ts'
import { policyOf } from './new-job.ts'

const policy = (jitter: boolean) =>
  policyOf(aScore({ retry: { base_delay_seconds: 10, max_delay_seconds: 60, exponential_base: 2, jitter } }))

describe('backoff', () => {
  it('doubles from the base and stops at the maximum', () => {
    const delays = [1, 2, 3, 4, 5].map((failure) => backoffMs(policy(false), failure, 'key'))
    expect(delays).toEqual([10_000, 20_000, 40_000, 60_000, 60_000])
  })

  it('stays finite however often a sheet failed', () => {
    expect(backoffMs(policy(false), 100_000, 'key')).toBe(60_000)
    expect(backoffMs({ ...policy(false), baseDelayMs: 0 }, 100_000, 'key')).toBe(0)
  })

  it('spreads with jitter over 0.5–1.5 of itself, the same for the same key', () => {
    fc.assert(
      fc.property(fc.string(), (key) => {
        const delay = backoffMs(policy(true), 1, key)
        expect(delay).toBeGreaterThanOrEqual(5_000)
        expect(delay).toBeLessThanOrEqual(15_000)
        expect(backoffMs(policy(true), 1, key)).toBe(delay)
      }),
    )
    const delays = new Set(Array.from({ length: 20 }, (_, index) => backoffMs(policy(true), 1, `job/${index}/1`)))
    expect(delays.size).toBeGreaterThan(15)
  })
})
