import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CONFIDENCES, type Usage } from './state.ts'
import { addUsage, allTokens, NO_USAGE } from './usage.ts'

const tokens = fc.nat(1_000_000)
const cents = fc.nat(10_000)

/** Costs are whole numbers here, so that sums in another order are the same to the last bit. */
const usage: fc.Arbitrary<Usage> = fc
  .record({
    inputTokens: tokens,
    outputTokens: tokens,
    cacheReadTokens: tokens,
    cacheWriteTokens: tokens,
    costUsd: fc.option(cents),
    spread: fc.option(fc.tuple(cents, cents)),
    confidence: fc.option(fc.constantFrom(...CONFIDENCES)),
    source: fc.option(fc.constantFrom('result of a', 'result of b', 'messages of a')),
  })
  .map(({ spread, confidence, source, ...rest }) => ({
    ...rest,
    ...(spread && rest.costUsd !== null ? { costRange: [rest.costUsd - spread[0], rest.costUsd + spread[1]] as const } : {}),
    ...(confidence ? { confidence } : {}),
    ...(source ? { source } : {}),
  }))

const sum = (usages: readonly Usage[]): Usage => usages.reduce(addUsage, NO_USAGE)

describe('the sum of usages', () => {
  it('is the same in whatever order they come, and however they are put together before', () => {
    fc.assert(
      fc.property(fc.array(usage, { minLength: 1, maxLength: 6 }), fc.nat(5), (usages, at) => {
        expect(sum(usages.toReversed())).toEqual(sum(usages))
        expect(addUsage(sum(usages.slice(0, at)), sum(usages.slice(at)))).toEqual(sum(usages))
      }),
      { numRuns: 60 },
    )
  })

  it('counts every token, and each whose price nobody knows', () => {
    fc.assert(
      fc.property(fc.array(usage, { maxLength: 6 }), (usages) => {
        const total = sum(usages)
        expect(allTokens(total)).toBe(usages.reduce((all, one) => all + allTokens(one), 0))
        const unpriced = usages.filter(({ costUsd }) => costUsd === null)
        expect(total.unpricedTokens ?? 0).toBe(unpriced.reduce((all, one) => all + allTokens(one), 0))
      }),
      { numRuns: 60 },
    )
  })

  it('is as sure as its least sure part, and says where its figures come from', () => {
    const exact = { ...NO_USAGE, inputTokens: 5, costUsd: 2, source: 'result of a' }
    const live = {
      ...NO_USAGE,
      inputTokens: 7,
      costUsd: 1,
      costRange: [0.5, 3],
      confidence: 'live',
      source: 'messages of b',
    } as const
    expect(sum([exact, live, exact])).toEqual({
      ...NO_USAGE,
      inputTokens: 17,
      costUsd: 5,
      costRange: [4.5, 7],
      confidence: 'live',
      source: 'messages of b; result of a',
    })
  })

  it('stays unknown where nobody named a price', () => {
    expect(addUsage({ ...NO_USAGE, outputTokens: 3 }, { ...NO_USAGE, inputTokens: 4, unpricedTokens: 4 })).toMatchObject({
      costUsd: null,
      unpricedTokens: 7,
    })
  })
})
