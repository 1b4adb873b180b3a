import { describe, expect, it } from 'vitest'
import { jobSummary } from '../../../test/support/job-summary.ts'
import type { LimitWait } from '../../engine/index.ts'
import { limitItems, showsCountdown } from './tray-limits.ts'

const NOW = new Date(2026, 0, 5, 13, 42, 10).getTime()
const UNTIL = new Date(2026, 0, 5, 14, 5).getTime()
const LIMIT: LimitWait = { instrument: 'claude-code', model: null, cause: 'rate_limit', until: UNTIL, mode: 'at_reset' }

const jobs = (...waits: readonly (LimitWait | null)[]) =>
  waits.map((limitWait, index) => jobSummary({ id: `job-${index}`, limitWait }))
const labels = (...waits: readonly LimitWait[]) =>
  limitItems(jobs(...waits), NOW).map((item) => ('label' in item ? item.label : ''))

describe('the limits in the tray', () => {
  it('tell when each ends and how long that is, once for all jobs that wait for it', () => {
    const opus = { ...LIMIT, model: 'opus', until: UNTIL + 24 * 3_600_000 }
    expect(labels(LIMIT, LIMIT, opus)).toEqual([
      'claude-code: limit ends 14:05 · in 23 min',
      'claude-code (opus): limit ends 6 Jan 14:05 · in 24 h 23 min',
    ])
    expect(limitItems(jobs(null), NOW)).toEqual([])
  })

  it('offer the three ways on, and mark the one that holds', () => {
    const [item] = limitItems(jobs(LIMIT), NOW)
    if (item?.kind !== 'menu') throw new Error('a limit is a menu')
    const command = { type: 'set_limit', instrument: 'claude-code', model: null }
    expect(item.items).toMatchObject([
      { label: 'Resume now', command: { ...command, mode: 'now' } },
      { label: 'At reset', checked: true, command: { ...command, mode: 'at_reset' } },
      { label: 'Never', checked: false, command: { ...command, mode: 'never' } },
    ])
  })

  it.each([
    [{ until: null, mode: 'never' }, 'claude-code: limit, waits for you'],
    [{ until: NOW }, 'claude-code: limit ends any moment'],
    [{ cause: 'rest' }, 'claude-code failed too often: tried again 14:05 · in 23 min'],
    [{ cause: 'login', until: null }, 'claude-code needs a login…'],
  ] as const)('say what an instrument waits for: %o', (parts, label) => {
    expect(labels({ ...LIMIT, ...parts })).toEqual([label])
  })

  it('count down only while there is an end to count to', () => {
    expect(showsCountdown(jobs(null, LIMIT))).toBe(true)
    expect(showsCountdown(jobs(null, { ...LIMIT, until: null, mode: 'never' }))).toBe(false)
  })
})
