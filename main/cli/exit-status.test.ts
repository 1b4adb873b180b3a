import { describe, expect, it } from 'vitest'
import { FermataError, JobSubmissionError, ScoreError, StorageError } from '../engine/index.ts'
import { exitStatus, exitStatusFor, exitStatusOf, exitStatusOfAll } from './exit-status.ts'

describe('the exit status', () => {
  it('of a job that is frozen is that of a paused one, unless it thaws by itself', () => {
    const frozen = { since: 1, thawing: false }
    const of = (by: 'user' | 'pressure') =>
      exitStatus({ status: 'paused', cancelling: false, wakeAt: null, frozen: { ...frozen, by }, limitWait: null })
    expect([of('user'), of('pressure')]).toEqual([3, null])
  })

  it.each([
    ['completed', 0],
    ['failed', 1],
    ['paused', 3],
    ['interrupted', 3],
    ['cancelled', 130],
    ['queued', null],
    ['running', null],
    ['pausing', null],
    ['waiting', null],
  ] as const)('of a job that is %s is %s', (status, expected) => {
    expect(exitStatus({ status, cancelling: false, wakeAt: 1000, frozen: null, limitWait: null })).toBe(expected)
  })

  it('is not known while processes are still being ended', () => {
    expect(exitStatus({ status: 'cancelled', cancelling: true, wakeAt: null, frozen: null, limitWait: null })).toBeNull()
  })

  it('of a job that waits for a decision is that of one that is held', () => {
    expect(exitStatus({ status: 'waiting', cancelling: false, wakeAt: null, frozen: null, limitWait: null })).toBe(3)
  })

  it('of a job that waits in line for an instrument is that of one that is held where only its user can end the wait', () => {
    const wait = { instrument: 'a', model: null, cause: 'login', mode: 'never' } as const
    const of = (until: number | null) =>
      exitStatus({ status: 'queued', cancelling: false, wakeAt: null, frozen: null, limitWait: { ...wait, until } })
    expect([of(null), of(1000)]).toEqual([3, null])
  })

  it.each([
    [['completed', 'completed'], 0],
    [['completed', 'paused'], 3],
    [['paused', 'cancelled', 'completed'], 130],
    [['cancelled', 'failed', 'paused'], 1],
  ] as const)('of jobs that are %j is that of the worst: %s', (statuses, expected) => {
    expect(
      exitStatusOfAll(statuses.map((status) => ({ status, cancelling: false, wakeAt: null, frozen: null, limitWait: null }))),
    ).toBe(expected)
  })

  it('tells a refused score from everything else that goes wrong', () => {
    expect(exitStatusOf(new ScoreError('a.yaml', []))).toBe(2)
    expect(exitStatusOf(new JobSubmissionError('X', 'No.'))).toBe(2)
    expect(exitStatusOf(new StorageError('X', 'No.'))).toBe(1)
    expect(exitStatusOf(new FermataError('X', 'No.'))).toBe(1)
    expect(exitStatusOf('odd')).toBe(1)
  })

  it('tells by which signal a job was left', () => {
    expect(exitStatusFor('SIGTERM')).toBe(143)
    expect(exitStatusFor('SIGHUP')).toBe(129)
  })
})
