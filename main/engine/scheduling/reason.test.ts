import { describe, expect, it } from 'vitest'
import { aJob, attempt, checked, failure, LOST, NOW, play, run, SUCCESS, survivor } from '../../../test/support/jobs.ts'
import { decide } from './decide.ts'
import { reasonFor, sheetReason } from './reason.ts'
import type { AttemptOutcome, JobEvent, JobState } from './state.ts'

const SCORE = { sheets: 3, instrument: 'claude-code' }
const jobAfter = (...events: JobEvent[]): JobState => play(aJob(SCORE), events).state
const first = run(1)
const ended = (outcome: AttemptOutcome): JobEvent => ({ type: 'attempt_ended', sheet: 1, attempt: 1, outcome, usage: null })
const reason = (job: JobState, blocked?: string) => reasonFor(job, blocked, NOW)
const WIDE = { ...SCORE, sheet: { dependencies: { 1: [] } }, parallel: { enabled: true, fail_fast: false } }

describe('the reason of a job', () => {
  it('says which sheet runs, on what', () => {
    expect(reason(jobAfter(...first))).toBe('Sheet 1 of 3 on claude-code')
    expect(reason(jobAfter(...attempt(1, 1, failure('E009')), { type: 'resume' }, ...run(1, 2)))).toBe(
      'Sheet 1 of 3 on claude-code, attempt 2',
    )
    const mixed = aJob({ ...WIDE, sheet: { dependencies: { 1: [] }, per_sheet_instruments: { 2: 'aider' } } })
    expect(reason(play(mixed, [...run(1), ...run(2)]).state)).toBe('Sheets 1 and 2 of 3 on claude-code and aider')
  })

  it('says what a queued job waits for', () => {
    expect(reason(jobAfter(), 'Not running: 1 of 1 sheet slots are taken; next in line')).toMatch(/next in line/)
  })

  it('says what is still awaited while pausing, and where a paused job stands', () => {
    const pausing = jobAfter(...first, { type: 'pause', by: 'user' })
    expect(reason(pausing)).toBe('Pauses when sheet 1 is done')
    expect(reason(decide(pausing, ended(SUCCESS), NOW).state)).toBe('Paused by you after sheet 1')
    expect(reason(jobAfter({ type: 'pause', by: 'signal_file' }))).toBe('Paused by its pause file before sheet 1')
  })

  it('names the time at which a rate limit ends: seconds when it is soon, the day when it is not today', () => {
    const limit = (ms: number) => jobAfter(...first, ended({ kind: 'rate_limited', message: 'limit', resetAt: NOW + ms }))
    expect(reason(limit(30_000))).toBe('Waiting for claude-code (rate limit), resumes by itself at 12:00:30')
    expect(reason(limit(9 * 3_600_000))).toBe('Waiting for claude-code (rate limit), resumes by itself at 21:00')
    expect(reason(limit(24 * 3_600_000))).toBe('Waiting for claude-code (rate limit), resumes by itself at Tue 12:00')
  })

  it('says why a sheet failed and when it is tried again', () => {
    const job = jobAfter(
      ...first,
      ended({ kind: 'failed', error: { code: 'E201', message: 'a.md does not exist' }, retriable: true, validation: null }),
    )
    expect(reason(job)).toBe('Sheet 1 failed (a.md does not exist); attempt 2 starts at 12:00:10')
  })

  it('says why a job failed', () => {
    const job = jobAfter(
      ...first,
      ended({ kind: 'failed', error: { code: 'E003', message: 'It crashed' }, retriable: false, validation: null }),
    )
    expect(reason(job)).toBe('Failed on sheet 1: It crashed')
  })

  it('says which login it waits for, and where to go on', () => {
    const error = { code: 'E502', message: 'Claude Code could not log in.' }
    const job = jobAfter(...first, ended({ kind: 'failed', error, retriable: false, validation: null }))
    expect(reason(job)).toBe(
      'Waiting for you: Claude Code could not log in. Log in, then let claude-code try again on the Instruments page',
    )
  })

  it('tells an interruption from a pause', () => {
    expect(reason(jobAfter(...first, { type: 'pause', by: 'return' }, ended(LOST)))).toBe(
      'Stopped before sheet 1: Fermata was away. Resume lets it go on',
    )
  })

  it('names what outlived a cancel', () => {
    expect(reason(jobAfter(...first, { type: 'cancel' }))).toBe('Cancelling: ending sheet 1')
    expect(
      reason(jobAfter(...first, { type: 'cancel' }, ended({ kind: 'stopped', survivors: [survivor(7), survivor(8)] }))),
    ).toBe('Cancelled by you during sheet 1; processes 7, 8 could not be ended')
  })

  it('says when a sheet is mended', () => {
    expect(reason(jobAfter(...attempt(1, 1, checked(1, 2))))).toBe(
      'Sheet 1 is not complete (a.md does not exist); it is mended at 12:00:05',
    )
  })

  it('says which decision is awaited', () => {
    expect(reason(jobAfter({ type: 'hold', sheet: 1, reason: 'Deploys' }))).toBe('Sheet 1 waits for your decision: Deploys')
  })

  it('says what was spent, and how to go on', () => {
    const job = play(aJob({ ...SCORE, cost_limits: { max_cost_per_job: 1 } }), attempt(1, 1, SUCCESS, 1.5)).state
    expect(reason(job)).toBe('Paused after sheet 1: it used $1.50 of $1.00. Raise the budget to go on')
  })

  it('counts the sheets that failed', () => {
    const fatal = failure('E301', false)
    const job = play(aJob(WIDE), [...attempt(1, 1, fatal), ...attempt(2, 1, fatal), ...attempt(3, 1, SUCCESS)]).state
    expect(reason(job)).toBe('Failed on sheet 1: It broke, and 1 more failed')
  })

  it('counts the sheets that were left out', () => {
    const job = aJob(SCORE, { startSheet: 3 })
    expect(reason(play(job, attempt(3, 1, SUCCESS)).state)).toBe('1 of 3 sheets are completed, 2 left out')
  })

  it('tells of what follows the last sheet, of its failure and of its cancelling', () => {
    const score = { on_success: [{ type: 'run_command', command: 'true' }] }
    const job = play(aJob(score), attempt(1, 1, SUCCESS)).state
    expect(reason(job)).toBe('All sheets are done; what follows them runs')
    expect(reason(play(job, [{ type: 'cancel' }]).state)).toBe('Cancelling: ending what follows the last sheet')
    const failed = play(job, [{ type: 'hooks_ended', error: 'its hook `true` broke' }]).state
    expect(reason(failed)).toBe('All sheets are done, but its hook `true` broke')
  })
})

describe('the reason of a sheet', () => {
  const of = (job: JobState, number: number, blocked?: string) => {
    const sheet = job.sheets[number - 1]
    return sheet && sheetReason(job, sheet, blocked, NOW)
  }

  it('names the sheets it waits for, or how many', () => {
    const job = aJob({ ...WIDE, sheets: 6, sheet: { dependencies: { 5: [1, 2], 6: [1, 2, 3, 4] } } })
    expect(of(job, 5)).toBe('Waits for sheet 1, 2')
    expect(of(job, 6)).toBe('Waits for 4 sheets')
    expect(of(play(job, attempt(1, 1, SUCCESS)).state, 5)).toBe('Waits for sheet 2')
  })

  it('is that of the dispatcher when it is ready', () => {
    expect(of(aJob(SCORE), 1)).toBe('About to start')
    expect(of(aJob(SCORE), 1, 'Not running: …')).toBe('Not running: …')
  })

  it('is what is to be known of it, and nothing where its status says it all', () => {
    expect(of(play(aJob(SCORE), [{ type: 'skip', sheet: 1, reason: 'no changes' }]).state, 1)).toBe('no changes')
    expect(of(jobAfter(...first), 1)).toBeNull()
    expect(of(jobAfter({ type: 'pause', by: 'user' }), 1)).toBe('Waits for its job to go on')
  })
})
