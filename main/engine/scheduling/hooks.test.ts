import { describe, expect, it } from 'vitest'
import { aJob, attempt, ended, failure, jobNews, NOW, play, run, SUCCESS, statuses } from '../../../test/support/jobs.ts'
import { decide } from './decide.ts'
import type { JobEvent, JobState } from './state.ts'

const SCORE = { on_success: [{ type: 'run_command', command: 'true' }] }
const hooksEnded = (error: string | null): JobEvent => ({ type: 'hooks_ended', error })
const runHooks = { type: 'run_hooks' } as const

describe('what follows the last sheet (Marianne §7.9)', () => {
  const done = play(aJob(SCORE), attempt(1, 1, SUCCESS))

  it('is done before the job counts as completed', () => {
    expect(done.effects).toContainEqual(runHooks)
    expect(done.state).toMatchObject({ status: 'running', hooks: 'running', completedAt: null })
    const { state, effects } = play(done.state, [hooksEnded(null)])
    expect(state).toMatchObject({ status: 'completed', hooks: 'done', completedAt: NOW })
    expect(jobNews(effects)).toEqual(['completed'])
  })

  it('is nothing when the score says nothing', () => {
    expect(play(aJob(), attempt(1, 1, SUCCESS)).effects).not.toContainEqual(runHooks)
  })

  it('is not done when no sheet ran, or chains of jobs would never end (case 20)', () => {
    const { state, effects } = play(aJob(SCORE), [{ type: 'skip', sheet: 1, reason: 'nothing to do' }])
    expect(state.status).toBe('completed')
    expect(effects).not.toContainEqual(runHooks)
  })

  it('is not done after a failure', () => {
    expect(play(aJob(SCORE), attempt(1, 1, failure('E301', false))).effects).not.toContainEqual(runHooks)
  })

  it('is not done after a cancel, even if the last sheet was faster', () => {
    const { state, effects } = play(aJob(SCORE), [...run(1), { type: 'cancel' }, ended(1, 1, SUCCESS)])
    expect(state.status).toBe('completed')
    expect(effects).not.toContainEqual(runHooks)
  })

  it('makes the job failed when it fails, and resume does it again without its sheets', () => {
    const failed = play(done.state, [hooksEnded('the hook broke')])
    expect(failed.state).toMatchObject({ status: 'failed', hookError: 'the hook broke' })
    expect(statuses(failed.state)).toEqual(['completed'])
    let again: JobState = failed.state
    for (const at of [1000, 2000]) {
      const resumed = decide(again, { type: 'resume' }, NOW + at)
      expect(resumed.effects).toContainEqual(runHooks)
      expect(resumed.state).toMatchObject({ status: 'running', hooks: 'running', hookError: null, completedAt: null })
      again = decide(resumed.state, hooksEnded('again'), NOW + at).state
      expect(again.status).toBe('failed')
    }
  })

  it('waits while its user has paused the job, and is done when they resume', () => {
    const paused = play(aJob(SCORE), [...run(1), { type: 'pause', by: 'user' }, ended(1, 1, SUCCESS)])
    expect(paused.state).toMatchObject({ status: 'paused', hooks: 'due' })
    expect(paused.effects).not.toContainEqual(runHooks)
    expect(play(paused.state, [{ type: 'resume' }]).effects).toContainEqual(runHooks)
  })

  it('is not done again where it was done: after a failure of another hook only that one is due', () => {
    const { state } = play(done.state, [{ type: 'hook_done', hook: 0 }, hooksEnded('the second broke'), { type: 'resume' }])
    expect(state).toMatchObject({ hooks: 'running', hooksDone: [0] })
  })

  it('is ended by a cancel', () => {
    const cancelling = play(done.state, [{ type: 'cancel' }])
    expect(cancelling.effects).toContainEqual({ type: 'stop_hooks' })
    expect(cancelling.state.status).toBe('running')
    expect(play(cancelling.state, [hooksEnded('aborted')]).state.status).toBe('cancelled')
  })

  it('is begun again when Fermata went away meanwhile', () => {
    expect(decide(done.state, { type: 'start' }, NOW).effects).toEqual([runHooks])
    const over = play(done.state, [hooksEnded(null)]).state
    expect(decide(over, { type: 'start' }, NOW)).toEqual({ state: over, effects: [] })
  })

  it('is ended, not done anew, when Fermata went away while it was being cancelled', () => {
    const cancelling = play(done.state, [{ type: 'cancel' }]).state
    expect(decide(cancelling, { type: 'start' }, NOW).effects).toEqual([runHooks, { type: 'stop_hooks' }])
  })

  it('is done though the job was paused after its last work, and what remained is left out', () => {
    const held = play(aJob({ ...SCORE, sheets: 2 }), [...run(1), { type: 'pause', by: 'user' }, ended(1, 1, SUCCESS)]).state
    const { effects } = play(held, [{ type: 'resume' }, { type: 'skip', sheet: 2, reason: 'nothing to do' }], NOW + 1000)
    expect(effects).toContainEqual(runHooks)
  })

  it('that was not asked for is not taken in', () => {
    const job = aJob(SCORE)
    expect(decide(job, hooksEnded('late'), NOW).state).toBe(job)
  })
})
