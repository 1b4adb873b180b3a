import { describe, expect, it } from 'vitest'
import { aJob, attempt, NOW, play, run, SUCCESS, statuses, survivor } from '../../../test/support/jobs.ts'
import { reasonFor } from './reason.ts'
import type { JobEvent, JobState } from './state.ts'

const looked = (...after: JobEvent[]) => play(aJob({ sheets: 2 }), [{ type: 'look_begun', sheet: 1 }, ...after])
const end = (...pids: number[]): JobEvent => ({ type: 'look_ended', sheet: 1, survivors: pids.map(survivor) })
const STOP = { type: 'stop_look', sheet: 1 }
const told = (state: JobState): string => reasonFor(state, undefined, NOW)

describe('a sheet that is looked at before it starts', () => {
  it('is looked at once at a time, and only when it may start', () => {
    expect(looked().effects).toContainEqual({ type: 'look', sheet: 1 })
    expect(looked({ type: 'look_begun', sheet: 1 }).effects.filter(({ type }) => type === 'look')).toHaveLength(1)
    expect(looked({ type: 'look_begun', sheet: 2 }).state.looking).toEqual([1])
    expect(looked(end(), { type: 'slot_granted', sheet: 1 }).state.sheets[0]?.status).toBe('dispatched')
  })

  it('keeps a cancelled job from being over until the look has ended; what could not be ended is named', () => {
    const { state, effects } = looked({ type: 'cancel' })
    expect([state.status, effects.at(-1)]).toEqual(['running', STOP])
    expect(told(state)).toBe('Cancelling: ending what looks whether sheet 1 is to be played')
    const over = play(state, [end(7)]).state
    expect([over.status, over.survivors]).toEqual(['cancelled', [survivor(7)]])
  })

  it('is not looked at any more when its job is paused: it pauses when the look has ended', () => {
    const { state, effects } = looked({ type: 'pause', by: 'user' })
    expect(state.status).toBe('pausing')
    expect(effects).toContainEqual(STOP)
    expect(told(state)).toBe('Pausing: ending what looks whether sheet 1 is to be played')
    expect(play(state, [end()]).state.status).toBe('paused')
    expect(statuses(play(state, [{ type: 'resume' }, end()]).state)).toEqual(['ready', 'pending'])
  })

  it('is not looked at any more when its job is frozen, or it is left out itself', () => {
    const wide = play(aJob({ sheets: 2, parallel: { enabled: true }, movements: { 1: { voices: 2 } } }), [
      ...run(1),
      { type: 'look_begun', sheet: 2 },
    ]).state
    expect(play(wide, [{ type: 'freeze', by: 'user' }]).effects).toContainEqual({ type: 'stop_look', sheet: 2 })
    const { state, effects } = looked({ type: 'skip_sheet', sheet: 2 }, { type: 'skip_sheet', sheet: 1 })
    expect([state.status, told(state)]).toEqual(['running', 'Ending what looks whether sheet 1 is to be played'])
    expect(effects).toContainEqual(STOP)
    expect(play(state, [end()]).state.status).toBe('completed')
  })
})

describe('what sheets that are done left running', () => {
  const half = play(aJob({ sheets: 2, retry: { max_retries: 1 } }), [...attempt(1, 1, SUCCESS), ...run(2)]).state
  const FAILED: JobEvent = {
    type: 'attempt_ended',
    sheet: 2,
    attempt: 1,
    outcome: { kind: 'failed', error: { code: 'E009', message: 'It broke' }, retriable: false, validation: null },
    usage: null,
  }

  it('is ended when their job fails or is cancelled, and named where it cannot be', () => {
    const { state, effects } = play(half, [FAILED])
    expect(effects).toContainEqual({ type: 'end_leftovers' })
    expect([state.status, state.leftoversDue]).toEqual(['failed', true])
    const after = play(state, [{ type: 'leftovers_ended', survivors: [survivor(9)] }]).state
    expect([after.status, after.leftoversDue, after.survivors]).toEqual(['failed', false, [survivor(9)]])
    const cancelled = play(aJob({ sheets: 2 }), [...attempt(1, 1, SUCCESS), { type: 'cancel' }])
    expect(cancelled.effects).toContainEqual({ type: 'end_leftovers' })
  })

  it('stays while the job goes on, when it completes, and where none is done', () => {
    const done = play(half, [{ ...FAILED, outcome: SUCCESS }])
    expect(done.state.status).toBe('completed')
    for (const { effects } of [done, play(aJob({ sheets: 2 }), [{ type: 'cancel' }])])
      expect(effects).not.toContainEqual({ type: 'end_leftovers' })
  })
})
