import { describe, expect, it } from 'vitest'
import { aJob, attempt, ended, FAILURE, jobNews, LIMIT, NOW, play, run, SUCCESS, statuses } from '../../../test/support/jobs.ts'
import { reasonFor } from './reason.ts'
import type { JobState } from './state.ts'

const RESUME = { type: 'resume' } as const
const perJob = (limit: number, more: object = {}) => aJob({ sheets: 4, cost_limits: { max_cost_per_job: limit, ...more } })

describe('the cost limit of a job (Marianne §7.8)', () => {
  it('pauses it as soon as it is passed', () => {
    const under = play(perJob(2), attempt(1, 1, SUCCESS, 2)).state
    expect(under.status).toBe('queued')
    const { state, effects } = play(under, attempt(2, 1, SUCCESS, 0.01))
    expect(state).toMatchObject({ status: 'paused', hold: 'cost' })
    expect(jobNews(effects)).toEqual(['paused'])
  })

  it('pauses it again on every resume until it is raised, and says so (case 17)', () => {
    const over = play(perJob(2), attempt(1, 1, SUCCESS, 3)).state
    const { state, effects } = play(over, [RESUME, { type: 'slot_granted', sheet: 2 }, RESUME])
    expect(state).toMatchObject({ status: 'paused', hold: 'cost' })
    expect(jobNews(effects)).toEqual(['resumed', 'paused', 'resumed', 'paused'])
    expect(effects).not.toContainEqual(expect.objectContaining({ type: 'start_attempt' }))
    const raised: JobState = { ...state, policy: { ...state.policy, maxCostPerJob: 5 } }
    expect(play(raised, [RESUME]).state.status).toBe('queued')
    const counted: JobState = { ...state, costBase: 3 }
    expect(play(counted, [RESUME]).state.status).toBe('queued')
  })

  it('lets the sheets finish that run', () => {
    const wide = { sheets: 2, sheet: { dependencies: { 1: [] } }, parallel: { enabled: true } }
    const job = aJob({ ...wide, cost_limits: { max_cost_per_job: 1 } })
    const { state } = play(job, [...run(1), ...run(2), ended(1, 1, SUCCESS, 5)])
    expect(state.status).toBe('pausing')
    expect(play(state, [ended(2, 1, SUCCESS, 1)]).state.status).toBe('completed')
  })

  it('stops the timers of what would go on', () => {
    const { effects } = play(perJob(1), attempt(1, 1, FAILURE, 2))
    expect(effects.filter(({ type }) => type.endsWith('_timer')).at(-1)).toEqual({ type: 'clear_timer', sheet: 1 })
  })

  it('does not matter any more when all is done', () => {
    const job = aJob({ cost_limits: { max_cost_per_job: 1 } })
    expect(play(job, attempt(1, 1, SUCCESS, 9)).state.status).toBe('completed')
  })

  it('counts failed and limited attempts too', () => {
    const { state } = play(perJob(1), [...attempt(1, 1, FAILURE, 0.6), RESUME, ...attempt(1, 2, LIMIT, 0.6)])
    expect(state).toMatchObject({ status: 'paused', hold: 'cost' })
  })

  it('is off when the score switches its limits off', () => {
    expect(play(perJob(1, { enabled: false }), attempt(1, 1, SUCCESS, 9)).state.status).toBe('queued')
  })
})

describe('the warning before it', () => {
  it('comes once, when the share of the limit is reached', () => {
    const { effects } = play(perJob(10, { warn_at_percent: 50 }), [
      ...attempt(1, 1, SUCCESS, 4.9),
      ...attempt(2, 1, SUCCESS, 0.1),
      ...attempt(3, 1, SUCCESS, 1),
    ])
    expect(jobNews(effects)).toEqual(['started', 'cost_warning'])
  })
})

describe('the cost limit of a sheet', () => {
  const job = aJob({ sheets: 2, cost_limits: { max_cost_per_sheet: 1 } })

  it('lets it fail when it is passed and the sheet is not done, whatever it could still try', () => {
    for (const outcome of [FAILURE, LIMIT]) {
      const { state } = play(job, attempt(1, 1, outcome, 1.5))
      expect(statuses(state)).toEqual(['failed', 'skipped'])
      expect(state.sheets[0]?.error).toEqual({ code: 'E999', message: 'It cost $1.50; the score allows $1.00 a sheet' })
    }
  })

  it('adds up its attempts', () => {
    const { state } = play(job, [...attempt(1, 1, FAILURE, 0.6), RESUME, ...attempt(1, 2, FAILURE, 0.6)])
    expect(state.sheets[0]).toMatchObject({ status: 'failed', attempts: 2 })
  })

  it('takes nothing from a sheet that is done, and asks its user before more is spent', () => {
    const { state } = play(job, attempt(1, 1, SUCCESS, 9))
    expect(statuses(state)).toEqual(['completed', 'pending'])
    expect(state).toMatchObject({ status: 'paused', hold: 'cost' })
    expect(reasonFor(state, undefined, NOW)).toBe('Paused: sheet 1 cost $9.00, the score allows $1.00 a sheet. Resume goes on')
    expect(statuses(play(state, [RESUME]).state)).toEqual(['completed', 'ready'])
  })
})
