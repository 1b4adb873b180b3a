import { describe, expect, it } from 'vitest'
import type { Usage } from '../../preload/contract.ts'
import { costNote, costText, formatCostRange, NO_USAGE, sumUsage, tokensText } from './usage.ts'

const usage = (parts: Partial<Usage>): Usage => ({ ...NO_USAGE, ...parts })
/** With plain spaces. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

describe('what was used, in words', () => {
  it.each<[Partial<Usage>, string, string]>([
    [{}, '–', '–'],
    [{ outputTokens: 412_000, costUsd: 3.18 }, '412 k', '$ 3.18'],
    [{ outputTokens: 412_000, costUsd: 3.18, confidence: 'reported' }, '412 k', '$ 3.18'],
    [{ outputTokens: 412_000, costUsd: 3.18, confidence: 'live', costRange: [2.9, 4.8] }, '~412 k', '~$ 3.18'],
    [{ outputTokens: 900, costUsd: null }, '900', 'price unknown'],
    [{ outputTokens: 900, costUsd: 0, unpricedTokens: 900 }, '900', 'price unknown'],
    [{ outputTokens: 900, costUsd: 1.2, unpricedTokens: 300 }, '900', 'over $ 1.20'],
    [{ outputTokens: 900, costUsd: 0 }, '900', '$ 0.00'],
  ])('%j', (parts, tokens, cost) => {
    expect([tokensText(usage(parts)), costText(usage(parts))].map(plain)).toEqual([tokens, cost])
  })

  it('names the range and what has no price', () => {
    expect(plain(costNote(usage({ costUsd: 3, costRange: [2.1, 3.4], unpricedTokens: 12_000 })))).toBe(
      '$ 2.10–3.40, no price for 12 k tokens',
    )
    expect([formatCostRange(0, 0.4), formatCostRange(2, 2.001)].map(plain)).toEqual(['up to $ 0.40', '$ 2.00'])
  })
})

describe('a sum', () => {
  it('is as sure as its least sure part, and never takes an unknown price for nothing', () => {
    const sum = sumUsage([
      usage({ inputTokens: 100, costUsd: 1 }),
      usage({ inputTokens: 50, cacheReadTokens: 10, costUsd: null }),
      usage({ outputTokens: 7, costUsd: 2, costRange: [1.5, 3], confidence: 'live' }),
    ])
    expect(sum).toEqual({
      ...NO_USAGE,
      inputTokens: 150,
      outputTokens: 7,
      cacheReadTokens: 10,
      costUsd: 3,
      costRange: [2.5, 4],
      unpricedTokens: 60,
      confidence: 'live',
    })
    expect(sumUsage([usage({ inputTokens: 5, costUsd: null })]).costUsd).toBeNull()
  })
})
