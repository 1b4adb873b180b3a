import { describe, expect, it } from 'vitest'
import { attemptRecord } from '../../../test/support/attempt-record.ts'
import { aScore } from '../../../test/support/score.ts'
import { planScore } from '../score/plan.ts'
import { outcomeOf, ranFor, sheetKey } from './outcome.ts'

const clock = { now: () => 100_000, awake: () => 60_500 }
const ended = { endedAt: 100_000, outcome: 'succeeded' } as const

describe('what an attempt teaches', () => {
  it('is how long it ran, without sleep and without standing still', () => {
    expect(ranFor(attemptRecord({ ...ended }), clock)).toBe(60_000)
    expect(ranFor(attemptRecord({ ...ended, stillMs: 10_000 }), clock)).toBe(50_000)
    expect(ranFor(attemptRecord({ frozenAwake: 20_500 }), clock)).toBe(20_000)
    expect(ranFor(attemptRecord({ ...ended, startedAwake: null }), clock)).toBe(99_000)
  })

  it('does not count the time Fermata was away after its end', () => {
    expect(ranFor(attemptRecord({ ...ended, endedAt: 31_000 }), clock)).toBe(30_000)
  })

  it('is what it used and why it failed', () => {
    const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 400, cacheWriteTokens: 3, costUsd: 0.5 }
    const record = attemptRecord({ ...ended, outcome: 'failed', number: 2, errorCode: 'E201', errorMessage: 'no', usage })
    expect(outcomeOf(record, clock)).toEqual({
      succeeded: false,
      attempt: 2,
      errorCode: 'E201',
      errorMessage: 'no',
      durationMs: 60_000,
      tokens: 6,
      costUsd: 0.5,
      at: 100_000,
    })
  })

  it.each([
    ['was stopped', { outcome: 'stopped' }],
    ['was lost', { outcome: 'lost' }],
    ['met a limit', { outcome: 'rate_limited' }],
    ['had no process', { identity: null }],
  ] as const)('is nothing when it %s', (_, given) => expect(outcomeOf(attemptRecord({ ...ended, ...given }), clock)).toBeNull())
})

describe('the name of a sheet from run to run', () => {
  it('is its movement and its description; the voices of a movement are one', () => {
    const keys = planScore(
      aScore({
        sheet: { total_items: 3, fan_out: { 2: 2 }, descriptions: { 1: 'look around', 4: 'end' } },
        movements: { 2: { name: 'Write' }, 3: { name: 'Close' } },
      }),
    ).sheets.map(sheetKey)
    expect(keys).toEqual(['movement 1: look around', 'Write', 'Write', 'Close: end'])
  })
})
