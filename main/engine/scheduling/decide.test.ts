import { describe, expect, it } from 'vitest'
import { decide } from './decide.ts'
import { newJob, policyOf } from './new-job.ts'
import type { AttemptOutcome, Effect, JobEvent, JobState } from './state.ts'
import { NO_USAGE } from './usage.ts'

const NOW = 1_000_000
const RETRY = { maxRetries: 3, baseDelaySeconds: 10, maxDelaySeconds: 60, exponentialBase: 2, jitter: false }
const SUCCESS: AttemptOutcome = { kind: 'succeeded', validation: null }
const FAILURE: AttemptOutcome = {
  kind: 'failed',
  error: { code: 'E009', message: 'It broke' },
  retriable: true,
  validation: null,
}
const LIMIT: AttemptOutcome = { kind: 'rate_limited', message: 'Limit reached', resetAt: NOW + 60_000 }

function job(sheets = 3): JobState {
  const planned = Array.from({ length: sheets }, (_, index) => ({ number: index + 1, startItem: index + 1, endItem: index + 1 }))
  return newJob('job-1', { sheets: planned }, policyOf(RETRY), NOW)
}

const ended = (sheet: number, attempt: number, outcome: AttemptOutcome): JobEvent => ({
  type: 'attempt_ended',
  sheet,
  attempt,
  outcome,
  usage: null,
})
const run = (sheet: number, attempt = 1): JobEvent[] => [
  { type: 'slot_granted', sheet },
  { type: 'attempt_started', sheet, attempt },
]

/** Plays events one after another and keeps every effect. */
function play(start: JobState, events: readonly JobEvent[], now = NOW): { state: JobState; effects: Effect[] } {
  let state = start
  const effects: Effect[] = []
  for (const event of events) {
    const decision = decide(state, event, now)
    state = decision.state
    effects.push(...decision.effects)
  }
  return { state, effects }
}
const statuses = (state: JobState) => state.sheets.map(({ status }) => status)

describe('a job that goes well', () => {
  it('runs its sheets one after another and completes', () => {
    const { state, effects } = play(job(2), [{ type: 'start' }, ...run(1), ended(1, 1, SUCCESS), ...run(2), ended(2, 1, SUCCESS)])
    expect(state.status).toBe('completed')
    expect(statuses(state)).toEqual(['completed', 'completed'])
    expect(effects.filter(({ type }) => type === 'start_attempt')).toEqual([
      { type: 'start_attempt', sheet: 1, attempt: 1 },
      { type: 'start_attempt', sheet: 2, attempt: 1 },
    ])
    expect(effects).toContainEqual({ type: 'announce_job', news: 'started' })
    expect(effects.at(-1)).toEqual({ type: 'announce_job', news: 'completed' })
  })

  it('makes only the first unfinished sheet ready', () => {
    const { state } = play(job(), [{ type: 'start' }, ...run(1), ended(1, 1, SUCCESS)])
    expect(statuses(state)).toEqual(['completed', 'ready', 'pending'])
    expect(state.status).toBe('queued')
  })

  it('sums the tokens of every attempt', () => {
    const usage = { ...NO_USAGE, inputTokens: 100, outputTokens: 10, costUsd: 0.5 }
    const { state } = play(job(1), [
      { type: 'start' },
      ...run(1),
      { type: 'attempt_ended', sheet: 1, attempt: 1, outcome: FAILURE, usage },
      { type: 'resume' },
      ...run(1, 2),
      { type: 'attempt_ended', sheet: 1, attempt: 2, outcome: SUCCESS, usage },
    ])
    expect(state.sheets[0]?.usage).toEqual({ ...NO_USAGE, inputTokens: 200, outputTokens: 20, costUsd: 1 })
  })

  it('keeps the identity of sheets that did not change, so that only the others are written', () => {
    const before = play(job(), [{ type: 'start' }, ...run(1)]).state
    const after = decide(before, ended(1, 1, SUCCESS), NOW).state
    expect(after.sheets[2]).toBe(before.sheets[2])
  })
})

describe('a sheet that fails', () => {
  it('is tried again after a growing delay, and holds no slot meanwhile', () => {
    const first = play(job(1), [{ type: 'start' }, ...run(1), ended(1, 1, FAILURE)])
    expect(first.state.status).toBe('waiting')
    expect(first.effects).toContainEqual({ type: 'set_timer', sheet: 1, at: NOW + 10_000 })
    const second = play(first.state, [{ type: 'timer_fired', sheet: 1 }, ...run(1, 2), ended(1, 2, FAILURE)], NOW + 10_000)
    expect(second.effects).toContainEqual({ type: 'set_timer', sheet: 1, at: NOW + 30_000 })
  })

  it('fails for good when its budget is used up, and the rest is skipped naming it (Marianne: max_retries counts failed attempts)', () => {
    const afterTwo = play(job(2), [
      { type: 'start' },
      ...run(1),
      ended(1, 1, FAILURE),
      { type: 'resume' },
      ...run(1, 2),
      ended(1, 2, FAILURE),
    ])
    const { state, effects } = play(afterTwo.state, [{ type: 'resume' }, ...run(1, 3), ended(1, 3, FAILURE)])
    expect(state.status).toBe('failed')
    expect(statuses(state)).toEqual(['failed', 'skipped'])
    expect(state.sheets[1]?.error).toEqual({ code: 'E999', message: 'Not run: sheet 1 failed' })
    expect(effects.at(-1)).toEqual({ type: 'announce_job', news: 'failed' })
  })

  it('fails at once when trying again cannot help', () => {
    const { state } = play(job(1), [{ type: 'start' }, ...run(1), ended(1, 1, { ...FAILURE, retriable: false })])
    expect(state.status).toBe('failed')
  })

  it('gets a fresh budget when its user resumes the job; finished sheets stay finished', () => {
    const failed = play(job(3), [
      { type: 'start' },
      ...run(1),
      ended(1, 1, SUCCESS),
      ...run(2),
      ended(2, 1, { ...FAILURE, retriable: false }),
    ])
    const { state } = play(failed.state, [{ type: 'resume' }])
    expect(statuses(state)).toEqual(['completed', 'ready', 'pending'])
    expect(state.sheets[1]?.failures).toBe(0)
    expect(state.completedAt).toBeNull()
  })
})

describe('pausing', () => {
  it('lets the running sheet finish and starts no more', () => {
    const pausing = play(job(), [{ type: 'start' }, ...run(1), { type: 'pause', by: 'user' }])
    expect(pausing.state.status).toBe('pausing')
    const paused = play(pausing.state, [ended(1, 1, SUCCESS), { type: 'slot_granted', sheet: 2 }])
    expect(paused.state.status).toBe('paused')
    expect(statuses(paused.state)).toEqual(['completed', 'pending', 'pending'])
    expect(paused.effects).not.toContainEqual(expect.objectContaining({ type: 'start_attempt' }))
  })

  it('takes effect between two tries of one sheet', () => {
    const { state, effects } = play(job(), [{ type: 'start' }, ...run(1), { type: 'pause', by: 'user' }, ended(1, 1, FAILURE)])
    expect(state.status).toBe('paused')
    expect(effects).not.toContainEqual(expect.objectContaining({ type: 'set_timer' }))
  })

  it('of a job that waits is immediate and stops its timer', () => {
    const waiting = play(job(), [{ type: 'start' }, ...run(1), ended(1, 1, LIMIT)])
    const { state, effects } = play(waiting.state, [{ type: 'pause', by: 'user' }])
    expect(state.status).toBe('paused')
    expect(effects).toContainEqual({ type: 'clear_timer', sheet: 1 })
  })

  it('is overtaken by the end of the last sheet', () => {
    const { state } = play(job(1), [{ type: 'start' }, ...run(1), { type: 'pause', by: 'user' }, ended(1, 1, SUCCESS)])
    expect(state.status).toBe('completed')
  })

  it('can be taken back while the sheet still runs', () => {
    const { state } = play(job(), [{ type: 'start' }, ...run(1), { type: 'pause', by: 'user' }, { type: 'resume' }])
    expect(state.status).toBe('running')
    expect(state.hold).toBeNull()
  })
})

describe('cancelling', () => {
  it('ends what runs, and the job counts as cancelled only when it is gone', () => {
    const cancelling = play(job(), [{ type: 'start' }, ...run(1), { type: 'cancel' }])
    expect(cancelling.state.status).toBe('running')
    expect(cancelling.effects).toContainEqual({ type: 'stop_attempt', sheet: 1, attempt: 1 })
    const { state } = play(cancelling.state, [ended(1, 1, { kind: 'stopped', survivors: [] })])
    expect(state.status).toBe('cancelled')
    expect(statuses(state)).toEqual(['cancelled', 'cancelled', 'cancelled'])
  })

  it('keeps the pids of what could not be ended', () => {
    const { state } = play(job(), [
      { type: 'start' },
      ...run(1),
      { type: 'cancel' },
      ended(1, 1, { kind: 'stopped', survivors: [77] }),
    ])
    expect(state.survivors).toEqual([77])
  })

  it('keeps a sheet that finished in the last moment', () => {
    const { state } = play(job(2), [{ type: 'start' }, ...run(1), { type: 'cancel' }, ended(1, 1, SUCCESS)])
    expect(statuses(state)).toEqual(['completed', 'cancelled'])
    expect(state.status).toBe('cancelled')
  })

  it('is not undone by pause or resume before it is done', () => {
    const { state } = play(job(), [
      { type: 'start' },
      ...run(1),
      { type: 'cancel' },
      { type: 'resume' },
      { type: 'pause', by: 'user' },
    ])
    expect(state.intent).toBe('cancel')
  })
})

describe('a rate limit', () => {
  it('makes the job wait until the named time without using up the retry budget', () => {
    const { state, effects } = play(job(1), [{ type: 'start' }, ...run(1), ended(1, 1, LIMIT)])
    expect(state.status).toBe('waiting')
    expect(state.sheets[0]).toMatchObject({ status: 'waiting', failures: 0, rateLimitWaits: 1, wakeAt: NOW + 60_000 })
    expect(effects).toContainEqual({ type: 'set_timer', sheet: 1, at: NOW + 60_000 })
  })

  it('never spins, even when the reset time has passed', () => {
    const { state } = play(job(1), [{ type: 'start' }, ...run(1), ended(1, 1, { ...LIMIT, resetAt: NOW - 5000 })])
    expect(state.sheets[0]?.wakeAt).toBe(NOW + 1000)
  })

  it('is waited out after a pause, unless the user says now', () => {
    const paused = play(job(1), [{ type: 'start' }, ...run(1), ended(1, 1, LIMIT), { type: 'pause', by: 'user' }])
    const resumed = play(paused.state, [{ type: 'resume' }])
    expect(resumed.state.status).toBe('waiting')
    expect(resumed.effects).toContainEqual({ type: 'set_timer', sheet: 1, at: NOW + 60_000 })
    expect(play(resumed.state, [{ type: 'resume' }]).state.sheets[0]?.status).toBe('ready')
  })

  it('sets its timer again when that comes early', () => {
    const waiting = play(job(1), [{ type: 'start' }, ...run(1), ended(1, 1, LIMIT)])
    const { state, effects } = play(waiting.state, [{ type: 'timer_fired', sheet: 1 }], NOW + 1)
    expect(state).toBe(waiting.state)
    expect(effects).toEqual([{ type: 'set_timer', sheet: 1, at: NOW + 60_000 }])
  })

  it('met again and again pauses the job and asks for its user', () => {
    let { state } = play(job(1), [{ type: 'start' }])
    for (let attempt = 1; attempt <= 25; attempt++) {
      state = play(state, [...run(1, attempt), ended(1, attempt, LIMIT)]).state
      if (attempt < 25) state = play(state, [{ type: 'timer_fired', sheet: 1 }], NOW + 60_000).state
    }
    expect(state).toMatchObject({ status: 'paused', hold: 'rate_limit' })
    expect(play(state, [{ type: 'resume' }]).state.sheets[0]).toMatchObject({ status: 'ready', rateLimitWaits: 0 })
  })
})

describe('an attempt that was lost', () => {
  it('interrupts the job, costs no budget, and runs again on resume', () => {
    const lost = play(job(), [{ type: 'start' }, ...run(1), ended(1, 1, { kind: 'lost' })])
    expect(lost.state.status).toBe('interrupted')
    expect(lost.state.sheets[0]).toMatchObject({ status: 'pending', failures: 0, attempts: 1 })
    const { effects } = play(lost.state, [{ type: 'resume' }, ...run(1, 2)])
    expect(effects).toContainEqual({ type: 'start_attempt', sheet: 1, attempt: 2 })
  })

  it('reported late does not touch the attempt that runs now', () => {
    const { state } = play(job(), [{ type: 'start' }, ...run(1), ended(1, 1, { kind: 'lost' }), { type: 'resume' }, ...run(1, 2)])
    expect(decide(state, ended(1, 1, SUCCESS), NOW).state).toBe(state)
  })
})
