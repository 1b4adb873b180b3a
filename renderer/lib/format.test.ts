import { describe, expect, it } from 'vitest'
import {
  formatAgo,
  formatBytes,
  formatClock,
  formatCost,
  formatDuration,
  formatSpan,
  formatTokens,
  freshTokens,
  plural,
} from './format.ts'

/** Non-breaking spaces as plain ones, to be read here. */
const read = (text: string) => text.replaceAll('\u00a0', ' ')
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

describe('a duration', () => {
  it.each([
    [-5, '0 s'],
    [8 * SECOND, '8 s'],
    [59.9 * SECOND, '59 s'],
    [4 * MINUTE + 12 * SECOND, '4 min 12 s'],
    [4 * MINUTE, '4 min'],
    [52 * MINUTE + 40 * SECOND, '52 min'],
    [HOUR + 52 * MINUTE, '1 h 52 min'],
    [51 * HOUR, '2 d 3 h'],
  ])('of %d ms reads %s', (ms, text) => expect(read(formatDuration(ms))).toBe(text))
})

describe('a moment past', () => {
  it.each([
    [300, 'just now'],
    [2 * SECOND, '2 s ago'],
    [3 * MINUTE, '3 min ago'],
    [5 * HOUR, '5 h ago'],
    [50 * HOUR, '2 d ago'],
  ])('%d ms ago reads %s', (ms, text) => expect(read(formatAgo(ms))).toBe(text))
})

describe('a clock time', () => {
  const now = new Date(2026, 2, 12, 15, 0).getTime()

  it('names the day only when it is another one', () => {
    expect(formatClock(new Date(2026, 2, 12, 9, 5).getTime(), now)).toBe('09:05')
    expect(formatClock(new Date(2026, 2, 11, 23, 10).getTime(), now)).toBe('yesterday 23:10')
    expect(formatClock(new Date(2026, 2, 13, 6, 0).getTime(), now)).toBe('tomorrow 06:00')
    expect(formatClock(new Date(2026, 1, 2, 6, 0).getTime(), now)).toBe('2 Feb 06:00')
  })

  it('names the day of a span once where it is one day', () => {
    const at = (day: number, hour: number) => new Date(2026, 2, day, hour).getTime()
    expect(formatSpan(at(11, 3), at(11, 4), now)).toBe('yesterday 03:00–04:00')
    expect(formatSpan(at(11, 23), at(12, 1), now)).toBe('yesterday 23:00–01:00')
  })
})

describe('tokens', () => {
  it.each([
    [0, '0'],
    [980, '980'],
    [4_230, '4.2 k'],
    [9_960, '10 k'],
    [412_300, '412 k'],
    [999_700, '1.00 M'],
    [1_084_000, '1.08 M'],
    [12_440_000, '12.4 M'],
  ])('%d reads %s', (tokens, text) => expect(read(formatTokens(tokens))).toBe(text))

  it('leave cache reads out, which count the same text again and again', () => {
    expect(freshTokens({ inputTokens: 1, outputTokens: 20, cacheWriteTokens: 300, cacheReadTokens: 9_000, costUsd: null })).toBe(
      321,
    )
  })
})

describe('a cost', () => {
  it.each([
    [null, '–'],
    [0, '$ 0.00'],
    [0.004, '< $ 0.01'],
    [3.184, '$ 3.18'],
    [1204.5, '$ 1,204.50'],
  ])('of %s reads %s', (usd, text) => expect(read(formatCost(usd))).toBe(text))
})

it('bytes have three digits at most', () => {
  expect([812, 4_210, 18_400_000, 2_100_000_000].map((bytes) => read(formatBytes(bytes)))).toEqual([
    '812 B',
    '4.2 kB',
    '18 MB',
    '2.1 GB',
  ])
})

it('one thing is singular', () => {
  expect([plural(0, 'job'), plural(1, 'job'), plural(1200, 'job')]).toEqual(['0 jobs', '1 job', '1,200 jobs'])
})
