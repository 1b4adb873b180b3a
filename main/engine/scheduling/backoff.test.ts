import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoffMs } from './backoff.ts'
import { policyOf } from './new-job.ts'

const retry = { maxRetries: 3, baseDelaySeconds: 10, maxDelaySeconds: 60, exponentialBase: 2, jitter: false }

describe('backoff', () => {
  it('doubles from the base and stops at the maximum', () => {
    const delays = [1, 2, 3, 4, 5].map((failure) => backoffMs(policyOf(retry), failure, 'key'))
    expect(delays).toEqual([10_000, 20_000, 40_000, 60_000, 60_000])
  })

  it('spreads with jitter over 0.5–1.5 of itself, the same for the same key', () => {
    const policy = policyOf({ ...retry, jitter: true })
    fc.assert(
      fc.property(fc.string(), (key) => {
        const delay = backoffMs(policy, 1, key)
        expect(delay).toBeGreaterThanOrEqual(5_000)
        expect(delay).toBeLessThanOrEqual(15_000)
        expect(backoffMs(policy, 1, key)).toBe(delay)
      }),
    )
    const delays = new Set(Array.from({ length: 20 }, (_, index) => backoffMs(policy, 1, `job/${index}/1`)))
    expect(delays.size).toBeGreaterThan(15)
  })
})
