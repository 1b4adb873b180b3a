import { describe, expect, it } from 'vitest'
import { NO_USAGE } from '../scheduling/usage.ts'
import { findPriceIn } from './find-price.ts'
import { createPricing } from './pricing.ts'

const M = 1_000_000
const price = createPricing(
  findPriceIn({ full: { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 }, bare: { input: 2, output: 10 } }),
)
const used = { inputTokens: M, outputTokens: M, cacheReadTokens: M, cacheWriteTokens: M, costUsd: null }

describe('the cost of a usage', () => {
  it('is what the program says, even if that is nothing', () => {
    const told = { ...used, costUsd: 0 }
    expect(price(told, 'full', null)).toBe(told)
  })

  it('is one figure where the tokens are exact and every price is known', () => {
    expect(price(used, 'full', null)).toEqual({ ...used, costUsd: 14.7 })
  })

  it('follows from the profile’s prices before those of the table', () => {
    const profile = { cost_per_1k_input: 0.001, cost_per_1k_output: 0.001, cost_per_1k_cache_read: 0, cost_per_1k_cache_write: 0 }
    expect(price(used, 'full', profile)).toEqual({ ...used, costUsd: 2 })
    expect(price(used, 'full', { cost_per_1k_input: 1 }).costUsd).toBe(14.7)
  })

  it('is a range where nobody says what the cache costs, and its figure is not too low', () => {
    expect(price(used, 'bare', null)).toEqual({ ...used, costUsd: 16, costRange: [14, 18] })
    const fresh = { ...NO_USAGE, inputTokens: M }
    expect(price(fresh, 'bare', null)).toEqual({ ...fresh, costUsd: 2 })
  })

  it('is a range as wide as the tokens are unsure', () => {
    const ranges = (['exact', 'reported', 'live', 'estimate'] as const).map(
      (confidence) => price({ ...used, confidence }, 'full', null).costRange ?? [14.7, 14.7],
    )
    for (const [index, [low, high]] of ranges.entries()) {
      const [before = low, after = high] = ranges[index - 1] ?? []
      expect(low <= before && high >= after).toBe(true)
    }
    expect(ranges.at(-1)).toEqual([7.35, 14.7 * 3])
  })

  it.each([['another', null] as const, [null, null] as const])('is unknown, not nothing, for the model %s', (model, profile) => {
    expect(price(used, model, profile)).toEqual({ ...used, unpricedTokens: 4 * M })
  })
})
