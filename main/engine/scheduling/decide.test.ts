import { describe, expect, it } from 'vitest'
import {
  aJob,
  attempt,
  ended,
  FAILURE,
  failure,
  jobNews,
  LIMIT,
  LOST,
  NOW,
  play,
  run,
  STOPPED,
  SUCCESS,
  statuses,
  survivor,
} from '../../../test/support/jobs.ts'
import { decide } from './decide.ts'
import { NO_USAGE } from './usage.ts'

describe('a job that goes well', () => {
  it('runs its sheets one after another and completes', () => {
    const { state, effects } = play(aJob({ sheets: 2 }), [...attempt(1, 1, SUCCESS), ...attempt(2, 1, SUCCESS)])
    expect(state.status).toBe('completed')
    expect(statuses(state)).toEqual(['completed', 'completed'])
    expect(effects.filter(({ type }) => type === 'start_attempt')).toEqual([
      { type: 'start_attempt', sheet: 1, attempt: 1 },
      { type: 'start_attempt', sheet: 2, attempt: 1 },
    ])
    expect(jobNews(effects)).toEqual(['started', 'completed'])
    expect(effects.at(-1)).toEqual({ type: 'announce_job', news: 'completed' })
  })

  it('makes only the first unfinished sheet of a chain ready', () => {
    const { state } = play(aJob({ sheets: 3 }), attempt(1, 1, SUCCESS))
    expect(statuses(state)).toEqual(['completed', 'ready', 'pending'])
    expect(state.status).toBe('queued')
  })

  it('sums the tokens of every attempt', () => {
    const usage = { ...NO_USAGE, inputTokens: 100, outputTokens: 10, costUsd: 0.5 }
    const { state } = play(aJob(), [
      ...run(1),
      { type: 'attempt_ended', sheet: 1, attempt: 1, outcome: FAILURE, usage },
      { type: 'resume' },
      ...run(1, 2),
      { type: 'attempt_ended', sheet: 1, attempt: 2, outcome: SUCCESS, usage },
    ])
    expect(state.sheets[0]?.usage).toEqual({ ...NO_USAGE, inputTokens: 200, outputTokens: 20, costUsd: 1 })
  })

  it('keeps the identity of sheets that did not change, so that only the others are written', () => {
    const before = play(aJob({ sheets: 3 }), run(1)).state
    const after = decide(before, ended(1, 1, SUCCESS), NOW).state
    expect(after.sheets[2]).toBe(before.sheets[2])
  })

  it('keeps what is to be known of a prompt with the sheet', () => {
    const { state } = play(aJob(), [
      { type: 'slot_granted', sheet: 1 },
      { type: 'attempt_started', sheet: 1, attempt: 1, warning: 'Its prompt is long' },
    ])
    expect(state.sheets[0]?.note).toBe('Its prompt is long')
  })
})

describe('a job that begins later', () => {
  it('leaves out the sheets before the one it starts at, which hold up nothing and fail nothing', () => {
    const job = aJob({ sheets: 3 }, { startSheet: 3 })
    expect(statuses(job)).toEqual(['skipped', 'skipped', 'ready'])
    expect(job.sheets[0]?.note).toMatch(/starts at sheet 3/)
    expect(play(job, attempt(3, 1, SUCCESS)).state.status).toBe('completed')
  })

  it('keeps them left out when it is resumed', () => {
    const failed = play(aJob({ sheets: 2 }, { startSheet: 2 }), attempt(2, 1, failure('E301', false))).state
    expect(failed.status).toBe('failed')
    expect(statuses(play(failed, [{ type: 'resume' }]).state)).toEqual(['skipped', 'ready'])
  })

  it('waits for its user when it was submitted on hold', () => {
    const job = aJob({ sheets: 2 }, { hold: true })
    expect(job).toMatchObject({ status: 'paused', hold: 'user' })
    expect(statuses(job)).toEqual(['pending', 'pending'])
    expect(statuses(play(job, [{ type: 'resume' }]).state)).toEqual(['ready', 'pending'])
  })
})

describe('pausing', () => {
  it('lets the running sheet finish and starts no more', () => {
    const pausing = play(aJob({ sheets: 3 }), [...run(1), { type: 'pause', by: 'user' }])
    expect(pausing.state.status).toBe('pausing')
    const paused = play(pausing.state, [ended(1, 1, SUCCESS), { type: 'slot_granted', sheet: 2 }])
    expect(paused.state.status).toBe('paused')
    expect(statuses(paused.state)).toEqual(['completed', 'pending', 'pending'])
    expect(paused.effects).not.toContainEqual(expect.objectContaining({ type: 'start_attempt' }))
  })

  it('takes effect between two tries of one sheet (case 2)', () => {
    const { state, effects } = play(aJob({ sheets: 3 }), [...run(1), { type: 'pause', by: 'user' }, ended(1, 1, FAILURE)])
    expect(state.status).toBe('paused')
    expect(effects).not.toContainEqual(expect.objectContaining({ type: 'set_timer' }))
    expect(decide(state, { type: 'timer_fired', sheet: 1 }, NOW + 60_000).state).toBe(state)
  })

  it('of a job that waits is immediate and stops its timer', () => {
    const waiting = play(aJob({ sheets: 3 }), attempt(1, 1, LIMIT))
    const { state, effects } = play(waiting.state, [{ type: 'pause', by: 'user' }])
    expect(state.status).toBe('paused')
    expect(effects).toContainEqual({ type: 'clear_timer', sheet: 1 })
  })

  it('is overtaken by the end of the last sheet', () => {
    const { state } = play(aJob(), [...run(1), { type: 'pause', by: 'user' }, ended(1, 1, SUCCESS)])
    expect(state.status).toBe('completed')
    expect(state.hold).toBeNull()
  })

  it('can be taken back while the sheet still runs', () => {
    const { state } = play(aJob({ sheets: 3 }), [...run(1), { type: 'pause', by: 'user' }, { type: 'resume' }])
    expect(state.status).toBe('running')
    expect(state.hold).toBeNull()
  })

  it('twice is harmless', () => {
    const pausing = play(aJob(), [...run(1), { type: 'pause', by: 'user' }]).state
    expect(decide(pausing, { type: 'pause', by: 'signal_file' }, NOW).state).toBe(pausing)
  })
})

describe('cancelling', () => {
  it('ends what runs, and the job counts as cancelled only when it is gone', () => {
    const cancelling = play(aJob({ sheets: 3 }), [...run(1), { type: 'cancel' }])
    expect(cancelling.state.status).toBe('running')
    expect(cancelling.effects).toContainEqual({ type: 'stop_attempt', sheet: 1 })
    const { state } = play(cancelling.state, [ended(1, 1, STOPPED)])
    expect(state.status).toBe('cancelled')
    expect(statuses(state)).toEqual(['cancelled', 'cancelled', 'cancelled'])
  })

  it('stops the timers of sheets that wait', () => {
    const { state, effects } = play(aJob(), [...attempt(1, 1, FAILURE), { type: 'cancel' }])
    expect(state.status).toBe('cancelled')
    expect(effects).toContainEqual({ type: 'clear_timer', sheet: 1 })
  })

  it('keeps the pids of what could not be ended, of all its sheets', () => {
    const wide = aJob({ sheets: 2, sheet: { dependencies: { 1: [] } }, parallel: { enabled: true } })
    const { state } = play(wide, [
      ...run(1),
      ...run(2),
      { type: 'cancel' },
      ended(1, 1, { kind: 'stopped', survivors: [survivor(77)] }),
      ended(2, 1, { kind: 'stopped', survivors: [survivor(78)] }),
    ])
    expect(state.survivors).toEqual([survivor(77), survivor(78)])
  })

  it('keeps a sheet that finished in the last moment', () => {
    const { state } = play(aJob({ sheets: 2 }), [...run(1), { type: 'cancel' }, ended(1, 1, SUCCESS)])
    expect(statuses(state)).toEqual(['completed', 'cancelled'])
    expect(state.status).toBe('cancelled')
  })

  it('is not undone by pause or resume before it is done', () => {
    const { state } = play(aJob({ sheets: 3 }), [
      ...run(1),
      { type: 'cancel' },
      { type: 'resume' },
      { type: 'pause', by: 'user' },
    ])
    expect(state.intent).toBe('cancel')
  })
})

describe('an attempt that was lost', () => {
  it('leaves a pause its user asked for as it is', () => {
    const { state } = play(aJob({ sheets: 2 }), [...run(1), { type: 'pause', by: 'user' }, ended(1, 1, LOST)])
    expect(state).toMatchObject({ status: 'paused', hold: 'user' })
  })

  it('costs no budget and runs again by itself', () => {
    const lost = play(aJob({ sheets: 3 }), attempt(1, 1, LOST))
    expect(lost.state.sheets[0]).toMatchObject({ status: 'ready', failures: 0, attempts: 1 })
    expect(play(lost.state, run(1, 2)).effects).toContainEqual({ type: 'start_attempt', sheet: 1, attempt: 2 })
  })

  it('interrupts a job whose user wants to be asked when Fermata comes back, and runs again on resume', () => {
    const lost = play(aJob({ sheets: 3 }), [...run(1), { type: 'pause', by: 'return' }, ended(1, 1, LOST)])
    expect(lost.state.status).toBe('interrupted')
    const { effects } = play(lost.state, [{ type: 'resume' }, ...run(1, 2)])
    expect(effects).toContainEqual({ type: 'start_attempt', sheet: 1, attempt: 2 })
  })

  it('reported late does not touch the attempt that runs now', () => {
    const { state } = play(aJob({ sheets: 3 }), [...attempt(1, 1, LOST), ...run(1, 2)])
    expect(decide(state, ended(1, 1, SUCCESS), NOW).state).toBe(state)
  })

  it('lets the others of its job finish first', () => {
    const wide = aJob({ sheets: 2, sheet: { dependencies: { 1: [] } }, parallel: { enabled: true } })
    const { state } = play(wide, [...run(1), ...run(2), { type: 'pause', by: 'return' }, ended(1, 1, LOST)])
    expect(state.status).toBe('pausing')
    expect(play(state, [ended(2, 1, SUCCESS)]).state.status).toBe('interrupted')
  })
})
