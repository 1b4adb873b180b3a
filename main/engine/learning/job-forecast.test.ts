import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attemptRecord } from '../../../test/support/attempt-record.ts'
import { aScore } from '../../../test/support/score.ts'
import { newJob, policyOf } from '../scheduling/new-job.ts'
import type { SheetState } from '../scheduling/state.ts'
import { planScore } from '../score/plan.ts'
import { forecastJob } from './job-forecast.ts'
import type { Outcome } from './outcome.ts'

const MINUTE = 60_000
const clock = { now: () => 10 * MINUTE, awake: () => 10 * MINUTE }

const took = (minutes: number, given: Partial<Outcome> = {}): Outcome => ({
  succeeded: true,
  attempt: 1,
  errorCode: null,
  errorMessage: null,
  durationMs: minutes * MINUTE,
  tokens: minutes * 100,
  costUsd: minutes,
  at: 0,
  ...given,
})

interface Given {
  readonly sheets?: number
  readonly keys?: object
  readonly states?: Readonly<Record<number, Partial<SheetState>>>
  /** How every sheet went before. */
  readonly seen?: readonly Outcome[]
  /** How other scores went on the instrument. */
  readonly elsewhere?: readonly Outcome[]
  readonly runsForMinutes?: Readonly<Record<number, number>>
}

function forecast({ sheets = 1, keys = {}, states = {}, seen = [], elsewhere = [], runsForMinutes = {} }: Given) {
  const score = aScore({ sheets, ...keys })
  const plan = planScore(score)
  const fresh = newJob('job', plan, policyOf(score), 0)
  const state = { ...fresh, sheets: fresh.sheets.map((sheet) => ({ ...sheet, ...states[sheet.number] })) }
  const running = Object.entries(runsForMinutes).map(([sheet, minutes]) =>
    attemptRecord({ sheet: Number(sheet), startedAt: (10 - minutes) * MINUTE, startedAwake: (10 - minutes) * MINUTE }),
  )
  return forecastJob({ state, plan, score }, running, { of: () => seen, on: () => elsewhere }, clock)
}

/** Runs enough to be believed, all alike. */
const alike = (minutes: number) => Array.from({ length: 10 }, () => took(minutes))
const exactly = (value: number) => ({ low: value, mid: value, high: value })

describe('the forecast of a job', () => {
  it('adds up what its sheets took before', () => {
    expect(forecast({ sheets: 4, seen: alike(3) })).toEqual({
      remainingMs: exactly(12 * MINUTE),
      tokens: exactly(1200),
      costUsd: exactly(12),
      basis: 'this score',
      runs: 10,
    })
  })

  it('leaves out what is done and credits what runs with what it ran', () => {
    const states = { 1: { status: 'completed' }, 2: { status: 'skipped' }, 3: { status: 'in_progress' } } as const
    const { remainingMs, costUsd } = forecast({ sheets: 4, seen: alike(4), states, runsForMinutes: { 3: 1 } })
    expect(remainingMs).toEqual(exactly(7 * MINUTE))
    expect(costUsd).toEqual(exactly(7))
  })

  it('takes what runs for like those that ran longer', () => {
    const states = { 1: { status: 'in_progress' } } as const
    const seen = [...alike(1), ...alike(8)]
    expect(forecast({ seen, states, runsForMinutes: { 1: 2 } }).remainingMs).toEqual(exactly(6 * MINUTE))
    const late = forecast({ seen, states, runsForMinutes: { 1: 9 } }).remainingMs
    expect(late?.low).toBeGreaterThan(0)
    expect(late?.high).toBeLessThan(9 * MINUTE)
  })

  it('lets sheets run side by side as the score does, and waits for what they depend on', () => {
    const keys = { parallel: { enabled: true, max_concurrent: 2 }, sheet: { total_items: 5, dependencies: { 5: [1, 2, 3, 4] } } }
    expect(forecast({ keys, seen: alike(3) }).remainingMs).toEqual(exactly(9 * MINUTE))
  })

  it('waits for what waits for a time', () => {
    const states = { 1: { status: 'waiting', wakeAt: 15 * MINUTE } } as const
    expect(forecast({ states, seen: alike(3) }).remainingMs).toEqual(exactly(8 * MINUTE))
  })

  it('counts on failures as often as they happened', () => {
    const seen = [...alike(2), ...alike(2).map((one) => ({ ...one, succeeded: false }))]
    const { remainingMs } = forecast({ sheets: 20, seen, keys: { retry: { max_retries: 5 } } })
    expect(remainingMs?.mid).toBeGreaterThan(60 * MINUTE)
    expect(remainingMs?.high).toBeLessThan(120 * MINUTE)
  })

  it('is wide where there were few runs', () => {
    const { remainingMs } = forecast({ seen: [took(10)] })
    expect(remainingMs?.low).toBeLessThan(8 * MINUTE)
    expect(remainingMs?.high).toBeGreaterThan(14 * MINUTE)
  })

  it('falls back on what the instrument did elsewhere, and says nothing where it did nothing', () => {
    expect(forecast({ elsewhere: alike(2) })).toMatchObject({
      remainingMs: exactly(2 * MINUTE),
      basis: 'this instrument',
      runs: 10,
    })
    expect(forecast({})).toEqual({ remainingMs: null, tokens: null, costUsd: null, basis: null, runs: 0 })
  })

  it('knows no cost where the price of a sheet is unknown, and none of what uses no tokens', () => {
    expect(forecast({ seen: alike(2).map((one) => ({ ...one, costUsd: null })) })).toMatchObject({
      costUsd: null,
      tokens: exactly(200),
    })
    const shell = alike(2).map((one) => ({ ...one, costUsd: null, tokens: null }))
    expect(forecast({ seen: shell })).toMatchObject({ costUsd: null, tokens: null, remainingMs: exactly(2 * MINUTE) })
  })

  it('is never shorter than its longest chain nor longer than one after another', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 5, maxLength: 9 }),
        fc.integer({ min: 1, max: 4 }),
        (runs, slots) => {
          const keys = {
            parallel: { enabled: true, max_concurrent: slots },
            sheet: { total_items: 6, dependencies: { 2: [1], 6: [2] } },
          }
          const { remainingMs } = forecast({ keys, seen: runs.map((minutes) => took(minutes)) })
          expect(remainingMs?.low).toBeGreaterThanOrEqual(3 * Math.min(...runs) * MINUTE)
          expect(remainingMs?.high).toBeLessThanOrEqual(6 * Math.max(...runs) * MINUTE)
          expect(forecast({ keys, seen: runs.map((minutes) => took(minutes)) }).remainingMs).toEqual(remainingMs)
        },
      ),
      { numRuns: 25 },
    )
  })
})
