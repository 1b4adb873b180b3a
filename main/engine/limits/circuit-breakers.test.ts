import { describe, expect, it } from 'vitest'
import { createCircuitBreakers } from './circuit-breakers.ts'

const NOW = 1_000_000
const BREAKER = { threshold: 3, recoveryMs: 300_000 }

/** An instrument that failed so often in a row. */
function failedTimes(times: number) {
  const breakers = createCircuitBreakers()
  for (let n = 0; n < times; n++) breakers.count('a', true, BREAKER, NOW)
  return breakers
}

describe('the circuit breaker of an instrument (Marianne §6.5)', () => {
  it('opens after so many failures in a row, for that instrument alone', () => {
    expect(failedTimes(2).openUntil('a', NOW)).toBeNull()
    const open = failedTimes(3)
    expect(open.openUntil('a', NOW)).toBe(NOW + 30_000)
    expect(open.isProbing('a', NOW)).toBe(false)
    expect(open.openUntil('b', NOW)).toBeNull()
  })

  it('counts anew after a success', () => {
    const breakers = failedTimes(2)
    breakers.count('a', false, BREAKER, NOW)
    breakers.count('a', true, BREAKER, NOW)
    breakers.count('a', true, BREAKER, NOW)
    expect(breakers.openUntil('a', NOW)).toBeNull()
  })

  it('is probed when the rest is over, and closed by a success', () => {
    const breakers = failedTimes(3)
    const later = NOW + 30_000
    expect(breakers.openUntil('a', later)).toBeNull()
    expect(breakers.isProbing('a', later)).toBe(true)
    breakers.count('a', false, BREAKER, later)
    expect(breakers.isProbing('a', later)).toBe(false)
    expect(breakers.openUntil('a', later)).toBeNull()
  })

  it('opens again when the probe fails, each time twice as long, up to what the score allows', () => {
    const breakers = failedTimes(3)
    let now = NOW
    const rests = Array.from({ length: 5 }, () => {
      const rest = (breakers.openUntil('a', now) ?? 0) - now
      now += rest
      expect(breakers.isProbing('a', now)).toBe(true)
      breakers.count('a', true, BREAKER, now)
      return rest
    })
    expect(rests).toEqual([30_000, 60_000, 120_000, 240_000, 300_000])
  })

  it('never rests forever, however often it failed', () => {
    expect(failedTimes(5000).openUntil('a', NOW)).toBe(NOW + 300_000)
  })

  it('closes when what was begun before it opened succeeds after all', () => {
    const breakers = failedTimes(4)
    breakers.count('a', false, BREAKER, NOW + 1)
    expect(breakers.openUntil('a', NOW + 1)).toBeNull()
  })
})
