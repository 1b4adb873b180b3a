import { describe, expect, it } from 'vitest'
import { aScore } from '../../../test/support/score.ts'
import { NO_USAGE } from '../scheduling/usage.ts'
import { priced } from './price.ts'

const usage = { ...NO_USAGE, inputTokens: 2000, outputTokens: 1000 }
const limits = (cost: object) => aScore({ cost_limits: cost }).cost_limits

describe('the price of an attempt', () => {
  it('is estimated at the score’s rates where it sets a limit and the instrument named none', () => {
    expect(priced(usage, limits({ max_cost_per_job: 1 }))?.costUsd).toBeCloseTo(0.021)
    const rates = { cost_per_1k_input_tokens: 1, cost_per_1k_output_tokens: 2 }
    expect(priced(usage, limits({ max_cost_per_sheet: 1, ...rates }))?.costUsd).toBeCloseTo(4)
  })

  it('is what the instrument said, even if that is nothing', () => {
    expect(priced({ ...usage, costUsd: 0 }, limits({ max_cost_per_job: 1 }))?.costUsd).toBe(0)
  })

  it('stays unknown where nothing depends on it', () => {
    expect(priced(usage, limits({}))).toBe(usage)
    expect(priced(null, limits({ max_cost_per_job: 1 }))).toBeNull()
  })
})
