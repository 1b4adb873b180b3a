import { describe, expect, it } from 'vitest'
import { describeForecast } from './describe-forecast.ts'

const exactly = (value: number) => ({ low: value, mid: value, high: value })

describe('a forecast in words', () => {
  it('tells what is known, with its range where there is one, and from how much', () => {
    const remainingMs = { low: 540_000, mid: 720_000, high: 1_200_000 }
    expect(describeForecast({ remainingMs, costUsd: exactly(0.4), tokens: null, basis: 'this score', runs: 14 })).toBe(
      'about 12 min 00 s (9 min 00 s to 20 min 00 s), $0.40, as in 14 runs of its sheets',
    )
    expect(
      describeForecast({ remainingMs: exactly(9000), costUsd: null, tokens: exactly(34_000), basis: 'this instrument', runs: 1 }),
    ).toBe('about 9.0 s, 34k tokens, as in one run on the same instruments, some with other scores')
  })

  it('says nothing where nothing is known', () => {
    expect(describeForecast({ remainingMs: null, costUsd: null, tokens: null, basis: null, runs: 0 })).toBeNull()
  })
})
