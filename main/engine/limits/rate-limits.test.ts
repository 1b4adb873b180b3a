import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRateLimits } from './rate-limits.ts'

const NOW = 1_000_000
const MINUTE = 60_000
const WEEK = 7 * 86_400_000
const on = (instrument: string, model: string | null = null) => ({ instrument, model })

function limited(...stations: ReturnType<typeof on>[]) {
  const limits = createRateLimits()
  for (const station of stations) limits.report(station, NOW + MINUTE, NOW, 'Limit reached')
  return limits
}

describe('rate limits over all jobs (Marianne §6.3)', () => {
  it('hold for their instrument until they end, and for no other (case 13)', () => {
    const limits = limited(on('a'))
    expect(limits.until(on('a'), NOW)).toBe(NOW + MINUTE)
    expect(limits.until(on('b'), NOW)).toBeNull()
    expect(limits.until(on('a'), NOW + MINUTE - 1)).toBe(NOW + MINUTE)
    expect(limits.until(on('a'), NOW + MINUTE)).toBeNull()
  })

  it('of an instrument hold for all its models; of a model for that alone', () => {
    const limits = createRateLimits()
    limits.report(on('a', 'large'), NOW + 20, NOW, '')
    expect(limits.until(on('a', 'small'), NOW)).toBeNull()
    expect(limits.until(on('a'), NOW)).toBeNull()
    limits.report(on('a'), NOW + 10, NOW, '')
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
          limits.report(on('a'), until, NOW, '')
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
      limits.report(on('a'), until, NOW, '')
    expect(limits.of('a')).toEqual([])
    limits.report(on('a'), Number.MAX_VALUE, NOW, '')
    expect(limits.until(on('a'), NOW)).toBe(NOW + WEEK)
  })

  it('that are not to end do not, until their user says otherwise', () => {
    const limits = limited(on('a'))
    expect(limits.setMode(on('a'), 'never', NOW)).toBe(true)
    expect(limits.until(on('a'), NOW + WEEK)).toBe(Number.POSITIVE_INFINITY)
    limits.report(on('a'), NOW + 2 * MINUTE, NOW, 'again')
    expect(limits.setMode(on('a'), 'at_reset', NOW)).toBe(true)
    expect(limits.until(on('a'), NOW)).toBe(NOW + 2 * MINUTE)
    expect([limits.setMode(on('b'), 'never', NOW), limits.setMode(on('a'), 'never', NOW + WEEK)]).toEqual([false, false])
  })

  it('end for one instrument, with its models, when their user says so; an unknown or empty name ends nothing', () => {
    const limits = limited(on('a'), on('a', 'large'), on('b'))
    expect(['', 'nobody', 'a', 'a'].map((name) => limits.endAll(name, NOW))).toEqual([0, 0, 2, 0])
    expect(limits.until(on('a', 'large'), NOW)).toBeNull()
    expect(limits.until(on('b'), NOW)).toBe(NOW + MINUTE)
  })

  it('move with a clock that is set', () => {
    const limits = limited(on('a'))
    limits.shift(-3 * MINUTE)
    expect(limits.until(on('a'), NOW - 3 * MINUTE)).toBe(NOW - 2 * MINUTE)
  })
})

describe('a limit that is over', () => {
  const END = NOW + MINUTE

  it('is tried by one sheet before all believe it', () => {
    const limits = limited(on('a'))
    expect(limits.trial(on('a'), NOW)).toBeNull()
    expect(limits.trial(on('a'), END)).toEqual({ begun: false, until: Number.POSITIVE_INFINITY, whole: true })
    limits.began(on('a', 'large'), END)
    expect(limits.trial(on('a'), END)).toMatchObject({ begun: true })
    limits.proven(on('a', 'large'), END + 1)
    expect(limits.trial(on('a'), END + 1)).toBeNull()
    expect(limits.of('a')).toEqual([])
  })

  it('is believed when an attempt runs for two minutes without meeting it', () => {
    const limits = limited(on('a'))
    limits.began(on('a'), END)
    expect(limits.trial(on('a'), END + 2 * MINUTE - 1)?.until).toBe(END + 2 * MINUTE)
    expect(limits.trial(on('a'), END + 2 * MINUTE)).toBeNull()
  })

  it('of one model is no other model’s trial', () => {
    const limits = limited(on('a', 'large'))
    expect(limits.trial(on('a', 'large'), END)?.whole).toBe(false)
    expect([limits.trial(on('a', 'small'), END), limits.trial(on('a'), END)]).toEqual([null, null])
  })

  it('is met again by the trial: then it is tried again after the next end', () => {
    const limits = limited(on('a'))
    limits.began(on('a'), END)
    limits.report(on('a'), END + MINUTE, END + 5, 'still')
    expect(limits.trial(on('a'), END + 10)).toBeNull()
    expect(limits.trial(on('a'), END + MINUTE)?.begun).toBe(false)
    expect(limits.of('a')).toMatchObject([{ since: END + 5, message: 'still' }])
  })

  it('is not proven by what began before it and ends while it holds', () => {
    const limits = limited(on('a'))
    limits.proven(on('a'), NOW + 1)
    expect(limits.until(on('a'), NOW + 1)).toBe(END)
  })
})
