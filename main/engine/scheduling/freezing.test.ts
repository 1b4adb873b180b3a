import { describe, expect, it } from 'vitest'
import {
  aJob,
  attempt,
  ended,
  jobNews,
  LIMIT,
  NOW,
  play,
  run,
  STOPPED,
  SUCCESS,
  someLimits,
  statuses,
} from '../../../test/support/jobs.ts'
import { decide } from './decide.ts'
import { dispatch } from './dispatch.ts'
import { reasonFor } from './reason.ts'
import type { JobEvent, JobState } from './state.ts'

const FREEZE: JobEvent = { type: 'freeze', by: 'user' }
const MINUTE = 60_000
const WIDE = { sheets: 3, sheet: { dependencies: { 2: [], 3: [] } }, parallel: { enabled: true, max_concurrent: 3 } }

const frozen = (keys: Parameters<typeof aJob>[0] = { sheets: 2 }): JobState => play(aJob(keys), [...run(1), FREEZE]).state

describe('a frozen job', () => {
  it('lets each running sheet stand still, is called paused, and starts nothing', () => {
    const { state, effects } = play(aJob(WIDE), [...run(1), ...run(2), FREEZE])
    expect(effects.slice(-3)).toEqual([
      { type: 'freeze_attempt', sheet: 1 },
      { type: 'freeze_attempt', sheet: 2 },
      { type: 'announce_job', news: 'frozen' },
    ])
    expect([state.status, state.intent, statuses(state)]).toEqual(['paused', 'run', ['in_progress', 'in_progress', 'pending']])
    expect(dispatch([state], someLimits(), new Set(), NOW).grants).toEqual([])
    expect(play(state, [{ type: 'slot_granted', sheet: 3 }]).state).toBe(state)
  })

  it('says who froze it, since when, and what lets it go on', () => {
    expect(reasonFor(frozen(), undefined, NOW)).toBe('Frozen by you at 12:00:00: sheet 1 stands still. Thaw lets it go on')
    const pressed = play(aJob({ sheets: 2 }), [...run(1), { type: 'freeze', by: 'pressure' }]).state
    expect(reasonFor(pressed, undefined, NOW)).toContain('short of memory')
  })

  it('stays frozen for its user though it would have thawed by itself, for memory or for a slot', () => {
    const pressed = play(aJob({ sheets: 2 }), [...run(1), { type: 'freeze', by: 'pressure' }, FREEZE]).state
    expect(pressed.frozen).toMatchObject({ by: 'user', thawing: false })
    const waiting = play(frozen({ sheets: 2, parallel: { frozen_holds_slot: false } }), [{ type: 'thaw' }, FREEZE]).state
    expect(waiting.frozen?.thawing).toBe(false)
    expect(play(waiting, [{ type: 'freeze', by: 'pressure' }]).state).toBe(waiting)
  })

  it('is asked about too when Fermata comes back to a user who wants that', () => {
    const pressed = play(aJob({ sheets: 2 }), [
      ...run(1),
      { type: 'freeze', by: 'pressure' },
      { type: 'pause', by: 'return' },
    ]).state
    expect(pressed.status).toBe('paused')
    expect(play(pressed, [{ type: 'thaw' }, ended(1, 1, SUCCESS)]).state.status).toBe('interrupted')
  })

  it('waits for its user anyway: who thaws it when Fermata comes back is not asked once more', () => {
    const back = play(frozen(), [{ type: 'pause', by: 'return' }, { type: 'thaw' }]).state
    expect([back.status, back.intent]).toEqual(['running', 'run'])
  })

  it('goes on as it was when it thaws: running, or pausing when its user had paused it before', () => {
    const thawed = play(frozen(), [{ type: 'thaw' }])
    expect(thawed.effects).toContainEqual({ type: 'thaw_attempt', sheet: 1 })
    expect([thawed.state.status, thawed.state.frozen]).toEqual(['running', null])
    const pausing = play(aJob({ sheets: 2 }), [...run(1), { type: 'pause', by: 'user' }, FREEZE, { type: 'thaw' }])
    expect(pausing.state.status).toBe('pausing')
    expect(jobNews(pausing.effects)).toEqual(['started', 'pausing', 'frozen', 'thawed', 'pausing'])
  })

  it('goes on running when it is resumed, though it had been paused before', () => {
    const { state, effects } = play(aJob({ sheets: 2 }), [...run(1), { type: 'pause', by: 'user' }, FREEZE, { type: 'resume' }])
    expect(state.status).toBe('running')
    expect(effects).toContainEqual({ type: 'thaw_attempt', sheet: 1 })
  })

  it('is cancelled like any other: stopping thaws what stands still', () => {
    const { state, effects } = play(frozen(), [{ type: 'cancel' }])
    expect([state.frozen, state.status]).toEqual([null, 'running'])
    expect(effects).toContainEqual({ type: 'stop_attempt', sheet: 1 })
    expect(play(state, [ended(1, 1, STOPPED)]).state.status).toBe('cancelled')
  })

  it('is held like any paused job when its last process ends all the same', () => {
    const { state } = play(frozen(), [ended(1, 1, SUCCESS)])
    expect([state.status, state.hold, state.frozen]).toEqual(['paused', 'user', null])
    expect(statuses(state)).toEqual(['completed', 'pending'])
  })

  it('goes on by itself when it was frozen for memory and its process ended', () => {
    const { state } = play(aJob({ sheets: 2 }), [...run(1), { type: 'freeze', by: 'pressure' }, ended(1, 1, SUCCESS)])
    expect([state.status, statuses(state)]).toEqual(['queued', ['completed', 'ready']])
  })

  it('warns when it thaws that its connection is likely gone, after more than five minutes', () => {
    const soon = decide(frozen(), { type: 'thaw' }, NOW + 4 * MINUTE).state
    expect(soon.sheets[0]?.note).toBeNull()
    const late = decide(frozen(), { type: 'thaw' }, NOW + 12 * MINUTE).state
    expect(late.sheets[0]?.note).toBe('It stood still for 12 min: its connection to the service has likely timed out')
  })

  it('keeps waiting for a rate limit of another sheet, and does not start it when that ends', () => {
    const { state } = play(aJob(WIDE), [...run(1), ...attempt(2, 1, LIMIT), FREEZE])
    const after = decide(state, { type: 'timer_fired', sheet: 2 }, NOW + MINUTE).state
    expect(statuses(after)).toEqual(['in_progress', 'pending', 'pending'])
    expect(statuses(play(after, [{ type: 'thaw' }]).state)).toEqual(['in_progress', 'ready', 'ready'])
  })
})

describe('the slots of a frozen job', () => {
  const other = (): JobState => aJob({ sheets: 1 }, { id: 'other', at: NOW + 1 })
  const one = someLimits({ maxSheets: 1 })

  it('are kept as a rule', () => {
    expect(dispatch([frozen(), other()], one, new Set(), NOW).grants).toEqual([])
  })

  it('are given to other jobs where the score says so; it thaws when there are some again', () => {
    const job = frozen({ sheets: 2, parallel: { frozen_holds_slot: false } })
    const plan = dispatch([job, other()], one, new Set(), NOW)
    expect(plan.grants).toEqual([{ jobId: 'other', sheet: 1 }])
    const busy = play(other(), run(1)).state
    const waiting = play(job, [{ type: 'thaw' }]).state
    expect([waiting.status, waiting.frozen?.thawing]).toEqual(['paused', true])
    const blocked = dispatch([waiting, busy], one, new Set(), NOW)
    expect(blocked.thaws).toEqual([])
    expect(reasonFor(waiting, blocked.blocked.get(waiting.id), NOW)).toBe('Frozen; goes on when a slot is free')
    const free = dispatch([waiting, play(busy, [ended(1, 1, SUCCESS)]).state], one, new Set(), NOW)
    expect(free.thaws).toEqual(['job-1'])
    expect(play(waiting, [{ type: 'thaw_granted' }]).state.status).toBe('running')
  })
})

describe('a job with two frozen sheets that gave their slots away', () => {
  it('thaws only when both can go: an instrument with room for one more is not enough', () => {
    const score = { ...WIDE, parallel: { ...WIDE.parallel, frozen_holds_slot: false } }
    const waiting = play(aJob(score), [...run(1), ...run(2), FREEZE, { type: 'thaw' }]).state
    const busy = play(aJob({ sheets: 1 }, { id: 'other' }), run(1)).state
    const two = someLimits({ capacity: () => 2 })
    expect(dispatch([waiting, busy], two, new Set(), NOW).thaws).toEqual([])
    expect(dispatch([waiting], two, new Set(), NOW).thaws).toEqual(['job-1'])
  })

  it('has the slots that become free kept for it: those that begin do not take its turn for ever', () => {
    const score = { ...WIDE, parallel: { ...WIDE.parallel, frozen_holds_slot: false } }
    const waiting = play(aJob(score), [...run(1), ...run(2), FREEZE, { type: 'thaw' }]).state
    const busy = play(aJob(WIDE, { id: 'other' }), run(1)).state
    const plan = dispatch([waiting, busy], someLimits({ maxSheets: 2 }), new Set(), NOW)
    expect([plan.thaws, plan.grants]).toEqual([[], []])
  })
})

describe('a computer under pressure', () => {
  it('starts nothing new, says why, and looks again in five seconds', () => {
    const plan = dispatch(
      [aJob({ sheets: 1 })],
      someLimits({ pressure: 'the computer is short of memory (3 % free)' }),
      new Set(),
      NOW,
    )
    expect(plan.grants).toEqual([])
    expect(plan.blocked.get('job-1')).toBe('Not running: the computer is short of memory (3 % free)')
    expect(plan.wakeAt).toBe(NOW + 5000)
  })
})
