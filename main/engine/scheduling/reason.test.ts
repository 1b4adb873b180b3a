import { describe, expect, it } from 'vitest'
import { decide } from './decide.ts'
import { newJob, policyOf } from './new-job.ts'
import { reasonFor } from './reason.ts'
import type { AttemptOutcome, JobEvent, JobState } from './state.ts'

const NOW = new Date(2026, 5, 1, 12, 0, 0).getTime()
const policy = policyOf({ maxRetries: 3, baseDelaySeconds: 10, maxDelaySeconds: 60, exponentialBase: 2, jitter: false })
const sheets = [1, 2, 3].map((number) => ({ number, startItem: number, endItem: number }))
const ended = (sheet: number, outcome: AttemptOutcome): JobEvent => ({
  type: 'attempt_ended',
  sheet,
  attempt: 1,
  outcome,
  usage: null,
})
const succeeded: AttemptOutcome = { kind: 'succeeded', validation: null }
const first: JobEvent[] = [
  { type: 'start' },
  { type: 'slot_granted', sheet: 1 },
  { type: 'attempt_started', sheet: 1, attempt: 1 },
]

const jobAfter = (...events: JobEvent[]): JobState =>
  events.reduce((job, event) => decide(job, event, NOW).state, newJob('j', { sheets }, policy, NOW))
const reason = (job: JobState, blocked?: string) => reasonFor(job, 'claude-code', blocked, NOW)

describe('the reason of a job', () => {
  it('says which sheet runs, on what', () => {
    expect(reason(jobAfter(...first))).toBe('Sheet 1 of 3 on claude-code')
  })

  it('says what a queued job waits for', () => {
    expect(reason(jobAfter({ type: 'start' }), 'Not running: 1 of 1 sheet slots are taken; next in line')).toMatch(/next in line/)
  })

  it('says what is still awaited while pausing, and where a paused job stands', () => {
    const pausing = jobAfter(...first, { type: 'pause', by: 'user' })
    expect(reason(pausing)).toBe('Pauses when sheet 1 is done')
    expect(reason(decide(pausing, ended(1, succeeded), NOW).state)).toBe('Paused by you after sheet 1')
    expect(reason(jobAfter({ type: 'start' }, { type: 'pause', by: 'signal_file' }))).toBe(
      'Paused by its pause file before sheet 1',
    )
  })

  it('names the time at which a rate limit ends: seconds when it is soon, the day when it is not today', () => {
    const limit = (ms: number) => jobAfter(...first, ended(1, { kind: 'rate_limited', message: 'limit', resetAt: NOW + ms }))
    expect(reason(limit(30_000))).toBe('Waiting for claude-code (rate limit), resumes by itself at 12:00:30')
    expect(reason(limit(9 * 3_600_000))).toBe('Waiting for claude-code (rate limit), resumes by itself at 21:00')
    expect(reason(limit(24 * 3_600_000))).toBe('Waiting for claude-code (rate limit), resumes by itself at Tue 12:00')
  })

  it('says why a sheet failed and when it is tried again', () => {
    const job = jobAfter(
      ...first,
      ended(1, { kind: 'failed', error: { code: 'E201', message: 'a.md does not exist' }, retriable: true, validation: null }),
    )
    expect(reason(job)).toBe('Sheet 1 failed (a.md does not exist); attempt 2 starts at 12:00:10')
  })

  it('says why a job failed', () => {
    const job = jobAfter(
      ...first,
      ended(1, { kind: 'failed', error: { code: 'E502', message: 'Not logged in' }, retriable: false, validation: null }),
    )
    expect(reason(job)).toBe('Failed on sheet 1: Not logged in')
  })

  it('tells an interruption from a pause', () => {
    expect(reason(jobAfter(...first, ended(1, { kind: 'lost' })))).toMatch(/^Stopped before sheet 1: the running sheet was lost/)
  })

  it('names what outlived a cancel', () => {
    expect(reason(jobAfter(...first, { type: 'cancel' }))).toBe('Cancelling: ending sheet 1')
    expect(reason(jobAfter(...first, { type: 'cancel' }, ended(1, { kind: 'stopped', survivors: [7, 8] })))).toBe(
      'Cancelled by you before sheet 1; processes 7, 8 could not be ended',
    )
  })
})
