import { describe, expect, it } from 'vitest'
import { aJob, attempt, NOW, play, run, SUCCESS, someLimits } from '../../../test/support/jobs.ts'
import { decide } from './decide.ts'
import { dispatch, type Limits } from './dispatch.ts'
import type { JobState, Station } from './state.ts'

const queued = (id: string, at: number, keys: Parameters<typeof aJob>[0] = {}) => aJob(keys, { id, at })
const running = (id: string, at: number) => decide(queued(id, at), { type: 'slot_granted', sheet: 1 }, at).state
/** Sheets that wait for nothing, as many at once as there are. */
const wide = (sheets: number, keys: { sheet?: object; parallel?: object } = {}) => ({
  ...keys,
  sheets,
  sheet: { dependencies: { 1: [] }, ...keys.sheet },
  parallel: { enabled: true, max_concurrent: 20, ...keys.parallel },
})
const NOBODY: ReadonlySet<string> = new Set()
const plan = (jobs: readonly JobState[], limits: Partial<Limits> = {}, preparing = NOBODY, now = NOW) =>
  dispatch(jobs, someLimits(limits), preparing, now)
const granted = (...args: Parameters<typeof plan>) => plan(...args).grants.map(({ jobId, sheet }) => `${jobId}${sheet}`)
const only = (instrument: string, until: number) => (station: Station) => (station.instrument === instrument ? until : null)

describe('dispatch', () => {
  it('grants the free slots to the oldest jobs', () => {
    expect(granted([queued('b', 2), queued('c', 3), queued('a', 1)], { maxSheets: 2 })).toEqual(['a1', 'b1'])
  })

  it('counts what already runs', () => {
    expect(granted([running('a', 1), queued('b', 2)], { maxSheets: 1 })).toEqual([])
  })

  it('counts what is looked at before it starts, and grants it no second slot', () => {
    expect(granted([queued('a', 1), queued('b', 2)], { maxSheets: 1 }, new Set(['a/1']))).toEqual([])
  })

  it('says why the others do not run and where they stand', () => {
    const { blocked } = plan([running('a', 1), queued('b', 2), queued('c', 3)], { maxSheets: 1 })
    expect(blocked.get('b')).toBe('Not running: 1 of 1 sheet slots are taken; next in line')
    expect(blocked.get('c')).toBe('Not running: 1 of 1 sheet slots are taken; 1 before it')
    expect(blocked.has('a')).toBe(false)
  })

  it('says why the rest of a running job waits', () => {
    const two = play(queued('a', 1, wide(3, { parallel: { max_concurrent: 2 } })), [...run(1), ...run(2)]).state
    expect(plan([two]).blocked.get('a')).toBe('Its job runs 2 sheets at a time')
    const one = play(queued('a', 1, wide(3)), run(1)).state
    expect(plan([one], { maxSheets: 1 }).blocked.get('a')).toMatch(/1 of 1 sheet slots are taken/)
  })
})

describe('the gates of a job come first (Marianne §7.5)', () => {
  it('gives nothing to a job that is paused (case 16)', () => {
    const paused = decide(queued('a', 1), { type: 'pause', by: 'user' }, 2).state
    expect(granted([paused])).toEqual([])
  })

  it('gives nothing to a job that waits for a decision', () => {
    const held = decide(queued('a', 1, wide(2)), { type: 'hold', sheet: 2, reason: 'look' }, 2).state
    expect(granted([held])).toEqual([])
    expect(plan([held]).blocked.get('a')).toBe('Sheet 2 waits for your decision')
  })

  it('gives nothing before its rest is over, and says when to look again', () => {
    const resting = play(queued('a', 1, { sheets: 2, pause_between_sheets_seconds: 30 }), attempt(1, 1, SUCCESS)).state
    const early = plan([resting], {}, NOBODY, NOW + 29_999)
    expect(early.grants).toEqual([])
    expect(early.wakeAt).toBe(NOW + 30_000)
    expect(early.blocked.get('a')).toBe('The next sheet starts at 12:00:30')
    expect(granted([resting], {}, NOBODY, NOW + 30_000)).toEqual(['a2'])
  })

  it('rests before it looks at slots: what rests is not in line', () => {
    const resting = play(queued('a', 1, { sheets: 2, pause_between_sheets_seconds: 30 }), attempt(1, 1, SUCCESS)).state
    expect(plan([running('r', 1), resting, queued('b', 2)], { maxSheets: 1 }).blocked.get('b')).toMatch(/next in line/)
  })

  it('starts one sheet at a time where they are to be spread', () => {
    const spread = queued('a', 1, wide(3, { parallel: { stagger_delay_ms: 500 } }))
    expect(granted([spread])).toEqual(['a1'])
    const next = decide(spread, { type: 'slot_granted', sheet: 1 }, NOW).state
    expect(plan([next]).wakeAt).toBe(NOW + 500)
    expect(granted([next], {}, NOBODY, NOW + 500)).toEqual(['a2'])
  })

  it('gives a job no more than it may run at once, one where it says nothing', () => {
    expect(granted([queued('a', 1, { sheets: 3, sheet: { dependencies: { 1: [] } } })])).toEqual(['a1'])
    expect(granted([queued('a', 1, wide(5, { parallel: { max_concurrent: 3 } }))])).toEqual(['a1', 'a2', 'a3'])
  })
})

describe('jobs take turns', () => {
  it('sheet by sheet, so that a large one does not starve the others', () => {
    const jobs = [queued('a', 1, wide(10)), queued('b', 2, wide(10)), queued('c', 3)]
    expect(granted(jobs, { maxSheets: 5 })).toEqual(['a1', 'b1', 'c1', 'a2', 'b2'])
  })

  it('and the one that has the fewest sheets running is next, then who was served longest ago', () => {
    const busy = play(queued('a', 1, wide(10)), [...run(1), ...run(2)]).state
    expect(granted([busy, queued('b', 2, wide(10))], { maxSheets: 5 })).toEqual(['b1', 'b2', 'b3'])
  })
})

describe('an instrument', () => {
  const on = (instruments: Record<number, string>, more: object = {}) =>
    wide(4, { ...more, sheet: { per_sheet_instruments: instruments } })

  it('runs no more sheets at once than it can, over all jobs; others go on (case 16)', () => {
    const a = queued('a', 1, on({ 1: 'x', 2: 'x', 3: 'y' }))
    const b = queued('b', 2, { instrument: 'x' })
    const two = { capacity: (instrument: string) => (instrument === 'x' ? 2 : 9) }
    expect(granted([a, b], two)).toEqual(['a1', 'b1', 'a3', 'a4'])
    expect(plan([a, b, queued('c', 3, { instrument: 'x' })], two).blocked.get('c')).toBe(
      'Not running: 2 of 2 sheets on x are taken',
    )
  })

  it('counts a model with a limit of its own by itself, all others together', () => {
    const models = (names: readonly string[]) => {
      const config = Object.fromEntries(names.map((model, index) => [index + 1, { model }]))
      return queued('a', 1, {
        ...wide(4, { sheet: { per_sheet_instrument_config: config } }),
        instrument: 'x',
      })
    }
    const limits: Partial<Limits> = { capacity: () => 2, modelCapacity: ({ model }) => (model === 'big' ? 1 : null) }
    expect(granted([models(['big', 'big', 'one', 'two'])], limits)).toEqual(['a1', 'a3'])
    expect(granted([models(['one', 'two', 'three', 'big'])], limits)).toEqual(['a1', 'a2', 'a4'])
    expect(plan([models(['big', 'big', 'big', 'big'])], { ...limits, maxSheets: 9 }).grants).toHaveLength(1)
  })

  it('that met its limit is left alone, and only that one (case 13)', () => {
    const jobs = [queued('a', 1, { instrument: 'x' }), queued('b', 2, { instrument: 'y' })]
    const limited = plan(jobs, { limitedUntil: only('x', NOW + 60_000) })
    expect(limited.grants).toEqual([{ jobId: 'b', sheet: 1 }])
    expect(limited.blocked.get('a')).toBe('Waiting for x (rate limit), resumes by itself at 12:01:00')
    expect(limited.wakeAt).toBe(NOW + 60_000)
  })

  it('that failed too often is left alone too', () => {
    const { blocked } = plan([queued('a', 1, { instrument: 'x' })], { brokenUntil: only('x', NOW + 60_000) })
    expect(blocked.get('a')).toBe('Waiting for x (failed too often), resumes by itself at 12:01:00')
  })

  it('that cannot be used now is replaced by the next one of the sheet, where it has one', () => {
    const job = queued('a', 1, { instrument: 'x', instrument_fallbacks: ['y'] })
    expect(plan([job], { limitedUntil: only('x', NOW + 60_000) }).switches).toEqual([
      { jobId: 'a', sheet: 1, reason: 'rate_limit' },
    ])
    const { switches } = plan([job], { brokenUntil: only('x', NOW + 60_000) })
    expect(switches).toEqual([{ jobId: 'a', sheet: 1, reason: 'unavailable' }])
    const next = play(job, [{ type: 'switch', sheet: 1, reason: 'unavailable' }]).state
    expect(granted([next], { brokenUntil: only('x', NOW + 60_000) })).toEqual(['a1'])
    // The last one is waited for.
    const none = plan([next], { limitedUntil: only('y', NOW + 60_000) })
    expect(none.switches).toEqual([])
    expect(none.wakeAt).toBe(NOW + 60_000)
  })

  it('that is only taken is waited for', () => {
    const job = queued('a', 1, { instrument: 'x', instrument_fallbacks: ['y'] })
    expect(plan([job], { capacity: () => 0 }).switches).toEqual([])
  })

  it('does not keep sheets on another instrument of the same job from starting', () => {
    expect(granted([queued('a', 1, on({ 1: 'x', 2: 'y' }))], { limitedUntil: only('x', NOW + 1) })).toEqual(['a2', 'a3', 'a4'])
  })

  it('is asked about its slots before its limits, and after those of all', () => {
    const job = queued('a', 1, { instrument: 'x' })
    const shut = { capacity: () => 0, limitedUntil: () => NOW + 1000, brokenUntil: () => NOW + 1000 }
    expect(plan([job], { ...shut, maxSheets: 0 }).blocked.get('a')).toMatch(/0 of 0 sheet slots/)
    expect(plan([job], shut).blocked.get('a')).toMatch(/0 of 0 sheets on x/)
    expect(plan([job], { ...shut, capacity: () => 1 }).blocked.get('a')).toMatch(/rate limit/)
  })
})
