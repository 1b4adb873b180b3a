import { describe, expect, it } from 'vitest'
import { parseResetTime } from './reset-time.ts'

const at = (iso: string) => Date.parse(iso)
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString().replace('.000', ''))

/** A Wednesday, 16:30 in Madrid, 08:30 in Los Angeles. */
const now = at('2026-06-17T14:30:00Z')

describe('the time at which a limit ends', () => {
  it.each([
    ['Claude AI usage limit reached|1781712000', '2026-06-17T16:00:00Z'],
    ['Claude AI usage limit reached|1781712000000', '2026-06-17T16:00:00Z'],
    ["You've hit your limit · resets 7pm (UTC)", '2026-06-17T19:00:00Z'],
    ["You've hit your session limit · resets 10:10pm (Europe/Madrid)", '2026-06-17T20:10:00Z'],
    ["You've hit your weekly limit — resets Jun 19 at 6am (Europe/Oslo)", '2026-06-19T04:00:00Z'],
    ['Limit reached · resets Dec 17 at 6am (Europe/Oslo)', '2026-12-17T05:00:00Z'],
    ['5-hour limit reached ∙ resets 3pm', '2026-06-17T22:00:00Z'],
    ['limit reached - resets at 15:45', '2026-06-17T22:45:00Z'],
    ['resets 12am (UTC)', '2026-06-18T00:00:00Z'],
    ['resets 12pm (UTC)', '2026-06-18T12:00:00Z'],
    ['resets 7pm UTC', '2026-06-17T19:00:00Z'],
    ['resets 3 p.m. (America/New_York)', '2026-06-17T19:00:00Z'],
    ['or try again at Mar 10th, 2027 3:39 AM.', '2027-03-10T11:39:00Z'],
    ['try again in 2 hours 13 minutes.', '2026-06-17T16:43:00Z'],
    ['Please try again in 34s', '2026-06-17T14:30:34Z'],
    ['resets in 3 hours', '2026-06-17T17:30:00Z'],
    ['resets in 1 day, 2 hours and 5 minutes', '2026-06-18T16:35:00Z'],
    ['retry after 90 seconds', '2026-06-17T14:31:30Z'],
    ['Retry-After: 120', '2026-06-17T14:32:00Z'],
    ['{"retry-after":"120"}', '2026-06-17T14:32:00Z'],
    ['try again in ~86 min', '2026-06-17T15:56:00Z'],
    ['Please retry in 12.5s.', '2026-06-17T14:30:12.500Z'],
    ['Your quota will reset after 4h12m33s.', '2026-06-17T18:42:33Z'],
    ['try again in 4 days 2 hours 5 minutes', '2026-06-21T16:35:00Z'],
    ['"retryDelay": "34s"', '2026-06-17T14:30:34Z'],
    ['\\"retryDelay\\": \\"34.5s\\"', '2026-06-17T14:30:34.500Z'],
    ['{"type":"usage_limit_reached","resets_in_seconds":4674}', '2026-06-17T15:47:54Z'],
    ['\\"resets_at\\":1781712000,', '2026-06-17T16:00:00Z'],
    ['x-ratelimit-reset: 1781712000', '2026-06-17T16:00:00Z'],
    ['x-ratelimit-reset: 90', '2026-06-17T14:31:30Z'],
    ['or try again at Jun 19th, 2026 3:39 AM.', '2026-06-19T10:39:00Z'],
  ])('understands %j', (text, expected) => {
    expect(iso(parseResetTime(text, now, 'America/Los_Angeles'))).toBe(expected)
  })

  it.each([
    'You have hit your limit.',
    'resets at 5',
    'resets 25:10',
    'resets 13pm',
    'resets 7:75pm',
    'resets 7pm (Middle/Earth)',
    'resets 7pm (in a while)',
    'resets 7pm tomorrow',
    'resets 9am on Monday',
    'resets on Monday at 9am',
    'resets Feb 30 at 6am (UTC)',
    'resets Dec 17',
    'resets Dec 17, 2026',
    'the button resets 3 more fields',
    'Retrying in 32.0 seconds...',
    '"retryDelay": "soon"',
    '"resets_at": null',
    'limit reached|soon',
    'limit reached|12345',
    '',
  ])('makes nothing up of %j', (text) => {
    expect(parseResetTime(text, now, 'America/Los_Angeles')).toBeNull()
  })

  it('takes a time without a date as the next such time on that zone’s clocks', () => {
    // In Auckland it is the 18th already.
    expect(iso(parseResetTime('resets 6am (Pacific/Auckland)', now))).toBe('2026-06-17T18:00:00Z')
    expect(iso(parseResetTime('resets 1am (Pacific/Auckland)', now))).toBe('2026-06-18T13:00:00Z')
  })

  it('takes a time that passed a moment ago as now, not as tomorrow', () => {
    expect(iso(parseResetTime('resets 2:25pm (UTC)', now))).toBe('2026-06-17T14:25:00Z')
    expect(iso(parseResetTime('resets 2:15pm (UTC)', now))).toBe('2026-06-18T14:15:00Z')
  })

  it('takes a date without a year as the coming one', () => {
    const newYearsEve = at('2026-12-31T20:00:00Z')
    expect(iso(parseResetTime('resets Jan 2 at 6am (UTC)', newYearsEve))).toBe('2027-01-02T06:00:00Z')
    expect(iso(parseResetTime('resets Dec 31 at 11pm (UTC)', newYearsEve))).toBe('2026-12-31T23:00:00Z')
  })

  it('is right on the days on which clocks change', () => {
    const springEve = at('2026-03-28T23:30:00Z')
    expect(iso(parseResetTime('resets 6am (Europe/Madrid)', springEve))).toBe('2026-03-29T04:00:00Z')
    expect(iso(parseResetTime('resets 1:30am (Europe/Madrid)', at('2026-03-28T22:30:00Z')))).toBe('2026-03-29T00:30:00Z')
    expect(iso(parseResetTime('resets 3:30am (America/Los_Angeles)', at('2026-03-08T09:00:00Z')))).toBe('2026-03-08T10:30:00Z')
    const autumnEve = at('2026-10-24T22:30:00Z')
    expect(iso(parseResetTime('resets 6am (Europe/Madrid)', autumnEve))).toBe('2026-10-25T05:00:00Z')
  })

  it('takes a time without a zone as the computer’s own', () => {
    const local = new Date(now)
    local.setHours(23, 59, 0, 0)
    expect(parseResetTime('resets 11:59pm', now)).toBe(local.getTime())
  })
})
