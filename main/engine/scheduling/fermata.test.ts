import { describe, expect, it } from 'vitest'
import { aJob, attempt, FAILURE, NOW, play, run, SUCCESS, someLimits, statuses } from '../../../test/support/jobs.ts'
import { decide } from './decide.ts'
import { dispatch } from './dispatch.ts'
import type { FermataDecision, JobEvent, JobState } from './state.ts'

const hold = (sheet: number): JobEvent => ({ type: 'hold', sheet, reason: 'Look at it' })
const decision = (sheet: number, what: FermataDecision): JobEvent => ({ type: 'decision', sheet, decision: what })
const WIDE = { sheets: 3, sheet: { dependencies: { 3: [1] } }, parallel: { enabled: true, fail_fast: false } }
const grants = (job: JobState) => dispatch([job], someLimits(), new Set(), NOW).grants

describe('a fermata', () => {
  const held = play(aJob({ sheets: 2 }), [hold(1)]).state

  it('holds a sheet before it starts, and the job waits with a reason', () => {
    expect(held.status).toBe('waiting')
    expect(held.sheets[0]).toMatchObject({ status: 'fermata', note: 'Look at it' })
  })

  it('holds a sheet whose tries are used up, where the job was submitted so', () => {
    const { state } = play(aJob({ retry: { max_retries: 1 } }, { escalate: true }), attempt(1, 1, FAILURE))
    expect(statuses(state)).toEqual(['fermata'])
  })

  it('that is accepted counts as done', () => {
    const { state } = play(held, [decision(1, 'accept')])
    expect(statuses(state)).toEqual(['completed', 'ready'])
    expect(state.sheets[0]).toMatchObject({ error: null, completedAt: NOW })
  })

  it('that is to be tried runs, with fresh budgets and its first instrument, and is not held again', () => {
    const job = aJob({ instrument: 'a', instrument_fallbacks: ['b'], retry: { max_retries: 1 } }, { escalate: true })
    const used = play(job, [...attempt(1, 1, FAILURE), ...attempt(1, 2, FAILURE)]).state
    expect(statuses(used)).toEqual(['fermata'])
    const { state } = play(used, [decision(1, 'retry')])
    expect(state.sheets[0]).toMatchObject({ status: 'ready', choice: 0, failures: 0, released: true, note: null })
    expect(decide(state, hold(1), NOW).state).toBe(state)
    expect(statuses(play(state, attempt(1, 3, SUCCESS)).state)).toEqual(['completed'])
  })

  it('that is left out lets others go', () => {
    const { state } = play(held, [decision(1, 'skip')])
    expect(statuses(state)).toEqual(['skipped', 'ready'])
    expect(play(state, attempt(2, 1, SUCCESS)).state.status).toBe('completed')
  })

  it('that is let fail fails, with what depends on it', () => {
    const { state } = play(held, [decision(1, 'fail')])
    expect(statuses(state)).toEqual(['failed', 'skipped'])
    expect(state.sheets[0]?.error).toEqual({ code: 'E999', message: 'You let it fail' })
    expect(state.status).toBe('failed')
  })

  it('of a sheet that does not wait for anybody changes nothing', () => {
    const job = aJob({ sheets: 2 })
    for (const state of [job, play(job, run(1)).state, play(job, attempt(1, 1, SUCCESS)).state])
      expect(decide(state, decision(1, 'fail'), NOW).state).toBe(state)
  })
})

describe('a job with fermatas', () => {
  it('starts nothing more until all of them are decided, and lets finish what runs (case 17)', () => {
    const job = play(aJob(WIDE), [hold(1), hold(2)]).state
    expect(job.status).toBe('waiting')
    const one = play(job, [decision(1, 'accept')]).state
    expect(one.sheets[2]?.status).toBe('ready')
    expect(one.status).toBe('waiting')
    expect(grants(one)).toEqual([])
    const both = play(one, [decision(2, 'accept')]).state
    expect(both.status).toBe('queued')
    expect(grants(both)).toEqual([{ jobId: 'job-1', sheet: 3 }])
  })

  it('runs on while another of its sheets does', () => {
    expect(play(aJob(WIDE), [...run(1), hold(2)]).state.status).toBe('running')
  })

  it('that its user paused stays paused, whatever is decided (case 17)', () => {
    for (const what of ['accept', 'retry', 'skip'] as const) {
      const { state, effects } = play(aJob(WIDE), [hold(1), { type: 'pause', by: 'user' }, decision(1, what)])
      expect(state).toMatchObject({ status: 'paused', hold: 'user', intent: 'pause' })
      expect(state.sheets.some(({ status }) => status === 'ready')).toBe(false)
      expect(effects).not.toContainEqual(expect.objectContaining({ type: 'set_timer' }))
      expect(grants(state)).toEqual([])
    }
  })

  it('keeps them over a pause: resuming does not decide', () => {
    const { state } = play(aJob(WIDE), [hold(1), { type: 'pause', by: 'user' }, { type: 'resume' }])
    expect(state.status).toBe('waiting')
    expect(state.sheets[0]?.status).toBe('fermata')
  })

  it('can be cancelled', () => {
    expect(play(aJob(WIDE), [hold(1), { type: 'cancel' }]).state.status).toBe('cancelled')
  })
})
