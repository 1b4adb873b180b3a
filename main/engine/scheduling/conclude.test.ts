import { describe, expect, it } from 'vitest'
import {
  aJob,
  attempt,
  checked,
  FAILURE,
  failure,
  LIMIT,
  NOW,
  play,
  QUOTA,
  run,
  SUCCESS,
  someLimits,
  statuses,
} from '../../../test/support/jobs.ts'
import { dispatch } from './dispatch.ts'
import type { AttemptOutcome, JobState } from './state.ts'

const RESUME = { type: 'resume' } as const
const first = (job: JobState) => job.sheets[0]

/** The same outcome of sheet 1 again and again, each time at once; stops when the sheet cannot go on. */
function again(job: JobState, outcome: AttemptOutcome): JobState {
  let state = job
  for (let tries = 0; tries < 100; tries++) {
    if (state.status === 'waiting') state = play(state, [RESUME]).state
    if (first(state)?.status !== 'ready') return state
    state = play(state, attempt(1, (first(state)?.attempts ?? 0) + 1, outcome)).state
  }
  throw new Error('It never ends')
}

describe('how a sheet goes on when its attempt ended (Marianne §7.3)', () => {
  it('is completed when all checks hold, or when there are none (case 14)', () => {
    const validation = { passed: 2, total: 2, failures: [], skipped: 0 }
    expect(first(play(aJob(), attempt(1, 1, { kind: 'succeeded', validation })).state)).toMatchObject({ validation })
    expect(statuses(play(aJob(), attempt(1, 1, SUCCESS)).state)).toEqual(['completed'])
  })

  it('mends what is missing when part of its checks hold, at the cost of another budget', () => {
    const { state, effects } = play(aJob(), attempt(1, 1, checked(1, 2)))
    expect(first(state)).toMatchObject({ status: 'retry_scheduled', mode: 'completion', completions: 1, failures: 0 })
    expect(effects).toContainEqual({ type: 'announce_sheet', sheet: 1, news: 'partial' })
    expect(effects).toContainEqual({ type: 'set_timer', sheet: 1, at: NOW + 5000 })
  })

  it('starts over when too little holds for mending to be worth while, or nothing', () => {
    for (const outcome of [checked(1, 3), checked(0, 3)]) {
      const { state, effects } = play(aJob(), attempt(1, 1, outcome))
      expect(first(state)).toMatchObject({ status: 'retry_scheduled', mode: 'normal', completions: 0, failures: 1 })
      expect(effects).toContainEqual({ type: 'set_timer', sheet: 1, at: NOW + 10_000 })
    }
    const job = aJob({ retry: { completion_threshold_percent: 30 } })
    expect(first(play(job, attempt(1, 1, checked(1, 3))).state)?.mode).toBe('completion')
  })

  it('is tried again after a growing delay, and holds no slot meanwhile', () => {
    const one = play(aJob(), attempt(1, 1, FAILURE))
    expect(one.state.status).toBe('waiting')
    expect(one.effects).toContainEqual({ type: 'set_timer', sheet: 1, at: NOW + 10_000 })
    const two = play(one.state, [{ type: 'timer_fired', sheet: 1 }, ...attempt(1, 2, FAILURE)], NOW + 10_000)
    expect(two.effects).toContainEqual({ type: 'set_timer', sheet: 1, at: NOW + 30_000 })
  })

  it('fails for good when its budget is used up: max_retries counts failed attempts, 0 is as good as 1', () => {
    for (const [most, attempts] of [
      [0, 1],
      [1, 1],
      [3, 3],
    ]) {
      const state = again(aJob({ retry: { max_retries: most } }), FAILURE)
      expect(state.status).toBe('failed')
      expect(first(state)?.attempts).toBe(attempts)
    }
  })

  it.each([
    ['a faulty score', 'E301'],
    ['a prompt that is too large', 'E601'],
    ['a crash', 'E003'],
  ])('fails at once when trying again cannot help: %s', (_, code) => {
    const { state } = play(aJob(), attempt(1, 1, failure(code, false)))
    expect(first(state)).toMatchObject({ status: 'failed', attempts: 1, error: { code } })
  })
})

describe('a sheet whose tries are used up', () => {
  const FALLBACK = { instrument: 'a', instrument_fallbacks: ['b'] }

  it('goes on with its next instrument at once, with fresh budgets, and remembers why', () => {
    const job = aJob({ ...FALLBACK, retry: { max_retries: 2 } })
    const state = play(job, [...attempt(1, 1, checked(1, 2)), RESUME, ...attempt(1, 2, FAILURE), RESUME]).state
    const { state: after, effects } = play(state, attempt(1, 3, FAILURE))
    expect(first(after)).toMatchObject({ status: 'ready', choice: 1, failures: 0, completions: 0, mode: 'normal' })
    expect(first(after)?.switches).toEqual([{ from: 'a', to: 'b', reason: 'exhausted', at: NOW }])
    expect(effects).toContainEqual({ type: 'announce_sheet', sheet: 1, news: 'switched' })
  })

  it.each([
    ['E502', 'auth_failure'],
    ['E505', 'unavailable'],
    ['E003', 'exhausted'],
  ])('or is in trouble another instrument may not have (%s: %s)', (code, reason) => {
    const { state } = play(aJob(FALLBACK), attempt(1, 1, failure(code, false)))
    expect(first(state)).toMatchObject({ status: 'ready', choice: 1, switches: [{ reason }] })
  })

  it('does not turn to another instrument when the score is at fault: that stays', () => {
    const { state } = play(aJob(FALLBACK), attempt(1, 1, failure('E301', false)))
    expect(first(state)).toMatchObject({ status: 'failed', choice: 0 })
  })

  it('fails when the last instrument did not help either, after a bounded number of attempts', () => {
    const state = again(aJob({ ...FALLBACK, retry: { max_retries: 2 } }), FAILURE)
    expect(first(state)).toMatchObject({ status: 'failed', attempts: 4, choice: 1 })
  })

  it('turns to its instruments first, then to a person', () => {
    const state = again(aJob({ ...FALLBACK, retry: { max_retries: 1 } }, { escalate: true }), FAILURE)
    expect(first(state)).toMatchObject({ status: 'fermata', attempts: 2, choice: 1 })
    expect(first(state)?.note).toMatch(/used up: It broke/)
    expect(state.status).toBe('waiting')
  })

  it('starts over as long as it may fail, when mending helped nothing and nobody else can', () => {
    const state = again(aJob({ retry: { max_retries: 3, max_completion_attempts: 2 } }), checked(1, 2))
    expect(first(state)).toMatchObject({ status: 'failed', attempts: 2 + 3, failures: 3 })
    const over = play(aJob({ retry: { max_completion_attempts: 0 } }), attempt(1, 1, checked(1, 2))).state
    expect(first(over)).toMatchObject({ status: 'retry_scheduled', mode: 'normal', failures: 1 })
  })

  it('asks the other instrument or a person before it starts over', () => {
    const retry = { max_completion_attempts: 1 }
    const other = again(aJob({ ...FALLBACK, retry: { ...retry, max_retries: 1 } }), checked(1, 2))
    expect(first(other)).toMatchObject({ status: 'failed', attempts: 4, choice: 1 })
    const person = again(aJob({ retry }, { escalate: true }), checked(1, 2))
    expect(first(person)).toMatchObject({ status: 'fermata', attempts: 2, failures: 0 })
  })
})

describe('a rate limit', () => {
  it('makes the job wait until the named time without using up the retry budget', () => {
    const { state, effects } = play(aJob(), attempt(1, 1, LIMIT))
    expect(state.status).toBe('waiting')
    expect(first(state)).toMatchObject({ status: 'waiting', failures: 0, rateLimitWaits: 1, wakeAt: NOW + 60_000 })
    expect(effects).toContainEqual({ type: 'set_timer', sheet: 1, at: NOW + 60_000 })
    const station = { instrument: 'rehearsal', model: null }
    expect(effects).toContainEqual({ type: 'limit_instrument', station, until: NOW + 60_000, message: 'Limit reached' })
  })

  it('never uses up the retry budget, however many there are (case 13)', () => {
    const job = aJob({ rate_limit: { max_waits: 50 }, retry: { max_retries: 2 } })
    let { state } = play(job, attempt(1, 1, FAILURE))
    for (let number = 2; number < 50; number++) state = play(state, [RESUME, ...attempt(1, number, LIMIT)]).state
    expect(first(state)).toMatchObject({ status: 'waiting', failures: 1, rateLimitWaits: 48 })
  })

  it.each([
    ['the past', NOW - 5000, NOW + 1000],
    ['a time before all times', Number.NEGATIVE_INFINITY, NOW + 1000],
    ['never', Number.POSITIVE_INFINITY, NOW + 7 * 86_400_000],
    ['the far future', NOW * 1000, NOW + 7 * 86_400_000],
    ['no time', Number.NaN, NOW + 3_600_000],
    ['nothing', null, NOW + 3_600_000],
  ])('that names %s is waited for within reason: it neither spins nor ends never', (_, resetAt, wakeAt) => {
    const { state } = play(aJob(), attempt(1, 1, { ...LIMIT, resetAt } as AttemptOutcome))
    expect(first(state)?.wakeAt).toBe(wakeAt)
  })

  it('that named no time is waited for as long as the score says', () => {
    const { state } = play(
      aJob({ rate_limit: { wait_minutes: 2 } }),
      attempt(1, 1, { ...LIMIT, resetAt: null } as AttemptOutcome),
    )
    expect(first(state)?.wakeAt).toBe(NOW + 120_000)
  })

  it('is waited out after a pause, unless the user says now', () => {
    const paused = play(aJob(), [...attempt(1, 1, LIMIT), { type: 'pause', by: 'user' }])
    const resumed = play(paused.state, [RESUME])
    expect(resumed.state.status).toBe('waiting')
    expect(resumed.effects).toContainEqual({ type: 'set_timer', sheet: 1, at: NOW + 60_000 })
    expect(first(play(resumed.state, [RESUME]).state)?.status).toBe('ready')
  })

  it('sets its timer again when that comes early', () => {
    const waiting = play(aJob(), attempt(1, 1, LIMIT))
    const { state, effects } = play(waiting.state, [{ type: 'timer_fired', sheet: 1 }], NOW + 1)
    expect(state).toBe(waiting.state)
    expect(effects).toEqual([{ type: 'set_timer', sheet: 1, at: NOW + 60_000 }])
  })

  it('met again and again pauses the job and asks for its user', () => {
    const state = again(aJob(), LIMIT)
    expect(state).toMatchObject({ status: 'paused', hold: 'rate_limit' })
    expect(first(state)?.attempts).toBe(25)
    expect(first(play(state, [RESUME]).state)).toMatchObject({ status: 'ready', rateLimitWaits: 0 })
  })

  it('lets a sheet that has another instrument go on with that at once', () => {
    const { state, effects } = play(aJob({ instrument: 'a', instrument_fallbacks: ['b'] }), attempt(1, 1, LIMIT))
    expect(first(state)).toMatchObject({ status: 'ready', choice: 1, switches: [{ reason: 'rate_limit' }] })
    const station = { instrument: 'a', model: null }
    expect(effects).toContainEqual({ type: 'limit_instrument', station, until: NOW + 60_000, message: 'Limit reached' })
  })

  it('makes a sheet wait when the instrument it went on with is not there', () => {
    const job = aJob({ instrument: 'a', instrument_fallbacks: ['b'] })
    const { state } = play(job, [...attempt(1, 1, LIMIT), ...attempt(1, 2, failure('E505', false))])
    expect(first(state)).toMatchObject({ status: 'ready', choice: 0, error: { code: 'E101' } })
    const limited = someLimits({ limitedUntil: ({ instrument }) => (instrument === 'a' ? NOW + 60_000 : null) })
    const plan = dispatch([state], limited, new Set(), NOW)
    expect([plan.grants, plan.switches, plan.wakeAt]).toEqual([[], [], NOW + 60_000])
  })

  it('of a used-up quota has waits of its own', () => {
    const job = aJob({ rate_limit: { max_waits: 1, max_quota_waits: 2 } })
    const { state } = play(job, [...attempt(1, 1, QUOTA), RESUME, ...attempt(1, 2, LIMIT), RESUME, ...attempt(1, 3, QUOTA)])
    expect(first(state)).toMatchObject({ status: 'waiting', rateLimitWaits: 1, quotaWaits: 2 })
    expect(play(state, [RESUME, ...attempt(1, 4, QUOTA)]).state).toMatchObject({ status: 'paused', hold: 'rate_limit' })
  })
})

describe('an instrument that wants a login', () => {
  const refused = failure('E502', false)
  const effect = { type: 'refuse_instrument', instrument: 'a', message: 'It broke' }

  it('makes its sheet wait for its user, uses up no try and is left alone by everybody', () => {
    const { state, effects } = play(aJob({ instrument: 'a' }), attempt(1, 1, refused))
    expect(state.status).toBe('waiting')
    expect(first(state)).toMatchObject({ status: 'waiting', wakeAt: null, failures: 0, error: { code: 'E502' } })
    expect(effects).toContainEqual(effect)
    expect(effects.some(({ type }) => type === 'set_timer')).toBe(false)
    const done = play(state, [{ type: 'limit_cleared', sheet: 1 }, ...attempt(1, 2, SUCCESS)]).state
    expect(done.status).toBe('completed')
  })

  it('is passed over where the sheet has another one', () => {
    const { state, effects } = play(aJob({ instrument: 'a', instrument_fallbacks: ['b'] }), attempt(1, 1, refused))
    expect(first(state)).toMatchObject({ status: 'ready', choice: 1, failures: 0, switches: [{ reason: 'auth_failure' }] })
    expect(effects).toContainEqual(effect)
  })

  it('is no matter for mending, whatever an earlier run left in the workspace', () => {
    const half = { ...refused, validation: { passed: 1, total: 2, failures: ['b.md'], skipped: 0 } } as AttemptOutcome
    expect(first(play(aJob(), attempt(1, 1, half)).state)).toMatchObject({ status: 'waiting', completions: 0, mode: 'normal' })
  })
})

describe('a wait that its user changes', () => {
  const waiting = () => play(aJob(), attempt(1, 1, LIMIT)).state

  it('ends never, until they say otherwise', () => {
    const never = play(waiting(), [{ type: 'limit_moved', sheet: 1, until: null }])
    expect(first(never.state)).toMatchObject({ status: 'waiting', wakeAt: null })
    expect(never.effects).toEqual([{ type: 'clear_timer', sheet: 1 }])
    const again = play(never.state, [{ type: 'limit_moved', sheet: 1, until: NOW + 60_000 }])
    expect(again.effects).toEqual([{ type: 'set_timer', sheet: 1, at: NOW + 60_000 }])
    expect(play(again.state, [{ type: 'timer_fired', sheet: 1 }], NOW + 60_000).state.status).toBe('queued')
  })

  it('is none of a paused job’s timers', () => {
    const paused = play(waiting(), [{ type: 'pause', by: 'user' }]).state
    const { state, effects } = play(paused, [{ type: 'limit_moved', sheet: 1, until: NOW + 5000 }])
    expect(first(state)?.wakeAt).toBe(NOW + 5000)
    expect(effects).toEqual([])
  })
})

describe('what an attempt says of its instrument', () => {
  const told = (outcome: AttemptOutcome) =>
    play(aJob({ instrument: 'a' }), attempt(1, 1, outcome)).effects.find(({ type }) => type === 'count_outcome')
  const breaker = { threshold: 5, recoveryMs: 300_000 }

  it('is good when it did its work, even if a check fails', () => {
    for (const outcome of [SUCCESS, checked(0, 2)])
      expect(told(outcome)).toEqual({ type: 'count_outcome', station: { instrument: 'a', model: null }, failed: false, breaker })
  })

  it('is bad when it failed', () => {
    for (const outcome of [FAILURE, failure('E505', false)])
      expect(told(outcome)).toEqual({ type: 'count_outcome', station: { instrument: 'a', model: null }, failed: true, breaker })
  })

  it('is nothing when it was never asked, met a limit, wanted a login or was stopped', () => {
    const unasked = ['E301', 'E601', 'E502'].map((code) => failure(code, false))
    const nothing: AttemptOutcome[] = [...unasked, LIMIT, { kind: 'lost' }]
    for (const outcome of nothing) expect(told(outcome)).toBeUndefined()
  })

  it('is the old instrument’s when the sheet goes on with another', () => {
    const { effects } = play(aJob({ instrument: 'a', instrument_fallbacks: ['b'] }), [
      ...run(1),
      ...attempt(1, 1, failure('E505', false)),
    ])
    expect(effects).toContainEqual({ type: 'count_outcome', station: { instrument: 'a', model: null }, failed: true, breaker })
  })
})
