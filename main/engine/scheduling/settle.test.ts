import { describe, expect, it } from 'vitest'
import { aJob, attempt, ended, FAILURE, failure, jobNews, play, run, SUCCESS, statuses } from '../../../test/support/jobs.ts'
import { decide } from './decide.ts'
import type { JobEvent } from './state.ts'
import { isSatisfied } from './statuses.ts'

const RESUME = { type: 'resume' } as const
const FATAL = failure('E301', false)
const PARALLEL = { enabled: true, fail_fast: false }
/** 1 → 2 → 4 and 1 → 3; 5 stands alone. */
const GRAPH = { sheets: 5, sheet: { dependencies: { 2: [1], 3: [1], 4: [2] } }, parallel: PARALLEL }
const skip = (sheet: number): JobEvent => ({ type: 'skip', sheet, reason: 'the score says so' })

describe('sheets that depend on each other', () => {
  it('are ready when all before them is done, whatever their numbers', () => {
    const job = aJob({ sheets: 3, sheet: { dependencies: { 1: [2, 3] } }, parallel: PARALLEL })
    expect(statuses(job)).toEqual(['pending', 'ready', 'ready'])
    const two = play(job, attempt(3, 1, SUCCESS)).state
    expect(statuses(two)).toEqual(['pending', 'ready', 'completed'])
    expect(statuses(play(two, attempt(2, 1, SUCCESS)).state)).toEqual(['ready', 'completed', 'completed'])
  })

  it('are let go by one that was left out by design (case 15)', () => {
    const { state, effects } = play(aJob({ sheets: 2 }), [skip(1)])
    expect(statuses(state)).toEqual(['skipped', 'ready'])
    expect(state.sheets[0]).toMatchObject({ note: 'the score says so', error: null })
    expect(effects).toContainEqual({ type: 'announce_sheet', sheet: 1, news: 'skipped' })
    expect(play(state, attempt(2, 1, SUCCESS)).state.status).toBe('completed')
  })

  it('are let go by one that failed before it was left out', () => {
    const { state } = play(aJob({ sheets: 2 }), [...attempt(1, 1, FAILURE), RESUME, skip(1)])
    expect(statuses(state)).toEqual(['skipped', 'ready'])
  })

  it('may all be left out: the job is completed', () => {
    expect(play(aJob({ sheets: 2 }), [skip(1), skip(2)]).state.status).toBe('completed')
  })
})

describe('a sheet that failed for good', () => {
  it('takes all with it that depends on it, naming it, and nothing else (case 15)', () => {
    const { state } = play(aJob(GRAPH), [...attempt(1, 1, SUCCESS), ...attempt(2, 1, FATAL)])
    expect(statuses(state)).toEqual(['completed', 'failed', 'ready', 'skipped', 'ready'])
    expect(state.sheets[3]?.error).toEqual({ code: 'E999', message: 'Not run: sheet 2 failed' })
    expect(state.sheets.map(isSatisfied)).toEqual([true, false, false, false, false])
    const { state: over, effects } = play(state, [...attempt(3, 1, SUCCESS), ...attempt(5, 1, SUCCESS)])
    expect(over.status).toBe('failed')
    expect(effects.at(-1)).toEqual({ type: 'announce_job', news: 'failed' })
  })

  it('reaches through what was left out before', () => {
    const job = aJob({ sheets: 4, sheet: { dependencies: { 2: [3], 4: [2, 3] } }, parallel: PARALLEL }, { startSheet: 3 })
    expect(statuses(job)).toEqual(['skipped', 'skipped', 'ready', 'pending'])
    const { state } = play(job, attempt(3, 1, FATAL))
    expect(statuses(state)).toEqual(['skipped', 'skipped', 'failed', 'skipped'])
    expect(state.sheets[1]?.error).toBeNull()
    expect(state.sheets[3]?.error?.message).toBe('Not run: sheet 3 failed')
  })

  it('ends the whole job where the score says fail_fast: what runs may finish, nothing more starts', () => {
    const job = aJob({ ...GRAPH, parallel: { enabled: true, fail_fast: true } })
    const { state } = play(job, [...attempt(1, 1, SUCCESS), ...run(3), ...attempt(2, 1, FATAL)])
    expect(statuses(state)).toEqual(['completed', 'failed', 'in_progress', 'skipped', 'skipped'])
    const over = play(state, [ended(3, 1, SUCCESS)]).state
    expect(over.status).toBe('failed')
    expect(over.sheets[2]?.status).toBe('completed')
  })

  it('leaves no timer of a sheet that is left out with it', () => {
    const job = aJob({ ...GRAPH, parallel: { enabled: true, fail_fast: true } })
    const { effects } = play(job, [...attempt(5, 1, FAILURE), ...attempt(1, 1, FATAL)])
    expect(effects).toContainEqual({ type: 'clear_timer', sheet: 5 })
  })
})

describe('resuming after a failure', () => {
  const failed = play(aJob(GRAPH), [
    ...attempt(1, 1, SUCCESS),
    ...attempt(2, 1, FATAL),
    ...attempt(3, 1, SUCCESS),
    ...attempt(5, 1, SUCCESS),
  ]).state

  it('gives what failed and what it took along a fresh budget; finished sheets stay finished (case 4)', () => {
    const { state, effects } = play(failed, [RESUME])
    expect(statuses(state)).toEqual(['completed', 'ready', 'completed', 'pending', 'completed'])
    expect(state.sheets[1]).toMatchObject({ failures: 0, error: null })
    expect(state.sheets[0]).toBe(failed.sheets[0])
    expect(state.completedAt).toBeNull()
    expect(jobNews(effects)).toEqual(['resumed'])
  })

  it('takes the first choice of instrument again, and keeps what was used so far', () => {
    const job = aJob({ instrument: 'a', instrument_fallbacks: ['b'], retry: { max_retries: 1 } })
    const { state } = play(job, [...attempt(1, 1, FAILURE, 1), ...attempt(1, 2, FAILURE, 2), RESUME])
    expect(state.sheets[0]).toMatchObject({ status: 'ready', choice: 0, attempts: 2, usage: { costUsd: 3 } })
    expect(state.sheets[0]?.switches).toHaveLength(1)
  })

  it('goes on with what was not done, not after the last sheet that was', () => {
    const job = aJob({ sheets: 2, sheet: { dependencies: { 1: [] } }, parallel: PARALLEL })
    const { state } = play(job, [...run(1), ...attempt(2, 1, SUCCESS), ended(1, 1, { kind: 'lost' }), RESUME])
    expect(statuses(state)).toEqual(['ready', 'completed'])
  })
})

describe('pacing', () => {
  it('rests after a sheet when no other one of the job runs', () => {
    const chain = play(aJob({ sheets: 2, pause_between_sheets_seconds: 30 }), attempt(1, 1, SUCCESS)).state
    expect(chain.notBefore).toBe((chain.sheets[0]?.completedAt ?? 0) + 30_000)
    const job = aJob({ ...GRAPH, pause_between_sheets_seconds: 30 })
    expect(play(job, [...run(5), ...attempt(1, 1, SUCCESS)]).state.notBefore).toBeNull()
  })

  it('does not rest after a failure: that has a delay of its own', () => {
    expect(play(aJob({ pause_between_sheets_seconds: 30 }), attempt(1, 1, FAILURE)).state.notBefore).toBeNull()
  })

  it('ends when the user resumes', () => {
    const { state } = play(aJob({ sheets: 2, pause_between_sheets_seconds: 30 }), [
      ...attempt(1, 1, SUCCESS),
      { type: 'pause', by: 'user' },
      RESUME,
    ])
    expect(state.notBefore).toBeNull()
  })

  it('spreads the starts of one job as the score says', () => {
    const job = aJob({ ...GRAPH, parallel: { ...PARALLEL, stagger_delay_ms: 500 } })
    expect(decide(job, { type: 'slot_granted', sheet: 1 }, 1000).state.notBefore).toBe(1500)
  })
})
