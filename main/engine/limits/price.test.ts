import { describe, expect, it } from 'vitest'
import { aScore } from '../../../test/support/score.ts'
import { NO_USAGE } from '../scheduling/usage.ts'
import { priced } from './price.ts'

const usage = { ...NO_USAGE, inputTokens: 2000, outputTokens: 1000, unpricedTokens: 3000 }

describe('the price of an attempt whose model nobody knows the price of', () => {
  it.each([
    ['cost limit', { cost_limits: { max_cost_per_job: 1 } }, 0.021],
    ['budget in USD', { budgets: { sheet: { usd: 1 } } }, 0.021],
    ['rate of its own', { cost_limits: { max_cost_per_sheet: 1, cost_per_1k_input_tokens: 1, cost_per_1k_output_tokens: 2 } }, 4],
  ])('is estimated at the score’s rates where it has a %s', (_what, keys, cost) => {
    const told = priced(usage, aScore(keys))
    expect(told.costUsd).toBeCloseTo(cost)
    expect(told).not.toHaveProperty('unpricedTokens')
    expect(told.costRange?.[1]).toBe(told.costUsd)
    expect(told.source).toContain('price assumed')
  })

  it('is what the instrument said, even if that is nothing', () => {
    expect(priced({ ...usage, costUsd: 0 }, aScore({ cost_limits: { max_cost_per_job: 1 } })).costUsd).toBe(0)
  })

  it('stays unknown where nothing depends on it', () => {
    expect(priced(usage, aScore({ budgets: { job: { tokens: 5 } } }))).toBe(usage)
  })
})
