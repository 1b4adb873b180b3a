import { describe, expect, it } from 'vitest'
import { resetTimes } from '../../../test/support/limit-tables.ts'
import { parseResetTime } from './reset-time.ts'

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString().replace('.000', ''))
/** A Wednesday, 16:30 in Madrid, 08:30 in Los Angeles. */
const now = Date.parse(resetTimes.now)

describe('the time at which a limit ends', () => {
  it.each(resetTimes.understood)('understands %j', (text, expected) => {
    expect(iso(parseResetTime(text, now, resetTimes.zone))).toBe(expected)
  })

  it.each(resetTimes.notUnderstood)('makes nothing up of %j', (text) => {
    expect(parseResetTime(text, now, resetTimes.zone)).toBeNull()
  })

  it.each(resetTimes.corners)('is right on %s', (_, at, zone, text, expected) => {
    expect(iso(parseResetTime(text, Date.parse(at), zone))).toBe(expected)
  })

  it('takes a time without a zone as the computer’s own', () => {
    const local = new Date(now)
    local.setHours(23, 59, 0, 0)
    expect(parseResetTime('resets 11:59pm', now)).toBe(local.getTime())
  })
})
