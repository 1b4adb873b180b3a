import { describe, expect, it } from 'vitest'
import { aJob, attempt, checked, ended, FAILURE, LIMIT, LOST, play, run, statuses, survivor } from '../../../test/support/jobs.ts'
import type { AttemptOutcome } from './state.ts'

const LEFT = survivor(77)
const leaving = (outcome: AttemptOutcome): AttemptOutcome => ({ ...outcome, survivors: [LEFT] }) as AttemptOutcome

describe('an attempt that left something running', () => {
  it.each<[string, AttemptOutcome, string]>([
    ['failed', FAILURE, 'E009'],
    ['failed part of its checks', checked(1, 2), 'E201'],
    ['met a limit', LIMIT, 'E002'],
    ['was lost', LOST, 'E002'],
    ['was ended', { kind: 'stopped', survivors: [] }, 'E002'],
  ])(
    'fails its sheet when it %s: no retry, no other instrument and nobody’s word lets it run beside that',
    (_, outcome, code) => {
      const job = aJob({ sheets: 2, instrument: 'a', instrument_fallbacks: ['b'] })
      for (const policy of [job.policy, { ...job.policy, escalate: true }]) {
        const { state } = play({ ...job, policy }, attempt(1, 1, leaving(outcome)))
        expect(statuses(state)).toEqual(['failed', 'skipped'])
        expect(state.sheets[0]?.error?.code).toBe(code)
        expect(state.survivors).toEqual([LEFT])
      }
    },
  )

  it('names it, when that is why its sheet fails, and still spares the instrument whose limit it met', () => {
    const { state, effects } = play(aJob(), attempt(1, 1, leaving(LIMIT)))
    expect(state.sheets[0]?.error).toEqual({ code: 'E002', message: 'It could not be ended: process 77 still runs' })
    expect(effects).toContainEqual(expect.objectContaining({ type: 'limit_instrument' }))
  })

  it('is told of after a cancel too, however it ended', () => {
    for (const outcome of [FAILURE, LOST]) {
      const { state } = play(aJob(), [...run(1), { type: 'cancel' }, ended(1, 1, leaving(outcome))])
      expect([state.status, state.survivors]).toEqual(['cancelled', [LEFT]])
    }
  })
})

describe('what survives', () => {
  const failed = play(aJob({ sheets: 2 }), attempt(1, 1, leaving(LOST))).state

  it('is not forgotten by letting the job go on', () => {
    for (const event of [{ type: 'resume' } as const, { type: 'retry_sheet', sheet: 1 } as const])
      expect(play(failed, [event]).state).toMatchObject({ status: 'queued', survivors: [LEFT] })
    expect(play(failed, [{ type: 'skip_sheet', sheet: 1 }]).state.survivors).toEqual([LEFT])
  })

  it('is what is left when it was tried to end it, with what it started, and with what came up meanwhile', () => {
    const two = play(failed, [{ type: 'survivors_ended', asked: [], left: [survivor(78)] }]).state
    expect(two.survivors).toEqual([LEFT, survivor(78)])
    const ended = { type: 'survivors_ended', asked: [LEFT], left: [] } as const
    expect(play(two, [ended]).state.survivors).toEqual([survivor(78)])
    expect(play(failed, [{ ...ended, left: [LEFT] }]).state).toBe(failed)
    expect(play(failed, [{ ...ended, asked: [{ ...LEFT, startTime: 'later' }] }]).state, 'another process').toBe(failed)
  })
})
