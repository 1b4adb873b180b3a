import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRateLimits } from './rate-limits.ts'

const NOW = 1_000_000
const WEEK = 7 * 86_400_000
const on = (instrument: string, model: string | null = null) => ({ instrument, model })

describe('rate limits over all jobs (Marianne §6.3)', () => {
  it('hold for their instrument until they end, and for no other (case 13)', () => {
    const limits = createRateLimits()
    limits.report(on('a'), NOW + 60_000, NOW)
    expect(limits.until(on('a'), NOW)).toBe(NOW + 60_000)
    expect(limits.until(on('b'), NOW)).toBeNull()
    expect(limits.until(on('a'), NOW + 59_999)).toBe(NOW + 60_000)
    expect(limits.until(on('a'), NOW + 60_000)).toBeNull()
  })

  it('end each for itself', () => {
    const limits = createRateLimits()
    limits.report(on('a'), NOW + 10, NOW)
    limits.report(on('b'), NOW + 20, NOW)
    expect(limits.active(NOW + 10)).toEqual([{ ...on('b'), until: NOW + 20 }])
  })

  it('of an instrument hold for all its models; of a model for that alone', () => {
    const limits = createRateLimits()
    limits.report(on('a', 'large'), NOW + 20, NOW)
    expect(limits.until(on('a', 'small'), NOW)).toBeNull()
    expect(limits.until(on('a'), NOW)).toBeNull()
    limits.report(on('a'), NOW + 10, NOW)
    expect(limits.until(on('a', 'small'), NOW)).toBe(NOW + 10)
    expect(limits.until(on('a', 'large'), NOW)).toBe(NOW + 20)
  })

  it('are never shortened by a new hit, only by the user', () => {
    const times = fc.array(fc.double(), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(times, (reported) => {
        const limits = createRateLimits()
        let longest = 0
        for (const until of reported) {
          limits.report(on('a'), until, NOW)
          const end = limits.until(on('a'), NOW) ?? 0
          expect(end).toBeGreaterThanOrEqual(longest)
          expect(end).toBeLessThanOrEqual(NOW + WEEK)
          longest = end
        }
      }),
    )
  })

  it('that are no time are not taken in; those beyond a week end after one', () => {
    const limits = createRateLimits()
    for (const until of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -5, NOW])
      limits.report(on('a'), until, NOW)
    expect(limits.active(NOW)).toEqual([])
    limits.report(on('a'), Number.MAX_VALUE, NOW)
    expect(limits.until(on('a'), NOW)).toBe(NOW + WEEK)
  })

  it('are forgotten for one instrument, with its models; an unknown or empty name clears nothing', () => {
    const limits = createRateLimits()
    for (const station of [on('a'), on('a', 'large'), on('b')]) limits.report(station, NOW + 10, NOW)
    expect([limits.clear(''), limits.clear('nobody'), limits.clear('a')]).toEqual([0, 0, 2])
    expect(limits.active(NOW)).toEqual([{ ...on('b'), until: NOW + 10 }])
  })
})
