import { describe, expect, it } from 'vitest'
import { aScore } from '../../../../test/support/score.ts'
import type { JobRecord } from '../../ports.ts'
import { newJob, policyOf } from '../../scheduling/new-job.ts'
import type { JobNews, JobState, SheetState } from '../../scheduling/state.ts'
import { planScore } from '../../score/plan.ts'
import { notificationFor } from './event.ts'

function job(changes: readonly Partial<SheetState>[] = [], state: Partial<JobState> = {}): JobRecord {
  const score = aScore({ name: 'opera', sheets: 3 })
  const plan = planScore(score)
  const fresh = newJob('opera-1a2b', plan, policyOf(score), 0)
  const sheets = fresh.sheets.map((sheet, index) => ({ ...sheet, ...changes[index] }))
  const rest = { score, plan, notes: [], chainDepth: 0, follows: null, scorePath: '/s.yaml' }
  return { state: { ...fresh, startedAt: 1000, ...state, sheets }, ...rest }
}

const told = (news: JobNews, of = job(), reason = 'why') =>
  notificationFor({ type: 'job', jobId: 'opera-1a2b', news, at: 500, reason }, of, 0)

describe('news for notifications', () => {
  it('of a sheet tell which one, how long it took and why it failed', () => {
    const news = {
      type: 'sheet',
      jobId: 'opera-1a2b',
      sheet: 2,
      attempt: 1,
      news: 'failed',
      at: 9000,
      reason: 'no a.md',
    } as const
    expect(notificationFor(news, job([{ status: 'completed' }, { status: 'failed', startedAt: 4000 }]), 0)).toEqual({
      name: 'sheet_failed',
      title: 'opera: sheet 2 failed',
      body: 'no a.md',
      at: 9000,
      jobId: 'opera-1a2b',
      jobName: 'opera',
      sheet: 2,
      totalSheets: 3,
      completedSheets: 1,
      failedSheets: 1,
      durationMs: 5000,
      error: 'no a.md',
    })
  })

  it('of a job tell how long it took, never less than nothing', () => {
    expect(told('completed')).toMatchObject({ name: 'job_complete', sheet: null, durationMs: 0, error: null, body: 'why' })
    expect(told('paused', job(), 'Paused by you')).toMatchObject({ name: 'job_paused', error: 'Paused by you' })
  })

  it.each([
    ['interrupted', 'job_attention', 'opera was interrupted'],
    ['budget_warning', 'budget_warning', 'opera has nearly used up a budget'],
    ['budget_limit', 'budget_limit', 'opera has used up a budget'],
  ] as const)('tell that a job needs its user: %s', (news, name, title) => {
    expect(told(news)).toMatchObject({ name, title })
  })

  it('tell of a wait for a person only, and of a job that its user did not freeze himself', () => {
    const waits = { status: 'waiting', wakeAt: 9_000 } as const
    expect(told('waiting', job([{ status: 'fermata' }]))).toMatchObject({ name: 'job_attention', title: 'opera waits for you' })
    expect(told('waiting', job([{ status: 'fermata' }, waits]))).toBeNull()
    expect(told('waiting', job([{ ...waits, wakeAt: null }]))).toBeNull()
    const frozen = (by: 'user' | 'pressure') => job([], { frozen: { since: 1, by, thawing: false } })
    expect(told('frozen', frozen('pressure'))).toMatchObject({ title: 'opera was frozen' })
    expect(told('frozen', frozen('user'))).toBeNull()
  })

  it('tell of a cancel only when something of the job outlived it', () => {
    expect(told('cancelled')).toBeNull()
    const title = 'opera was cancelled, but not all of it could be ended'
    expect(told('cancelled', job([], { survivors: [{ pid: 12, startTime: '1' }] }))).toMatchObject({
      name: 'job_attention',
      title,
    })
  })

  it('that are told once for all jobs have words of their own', () => {
    const notice = { type: 'notice', jobId: 'opera-1a2b', title: 'codex wants a login', body: 'Log in.' } as const
    expect(notificationFor(notice, job(), 7000)).toMatchObject({
      name: 'job_attention',
      title: 'codex wants a login',
      body: 'Log in.',
      at: 7000,
    })
  })

  it('that nobody can ask for are none', () => {
    expect(told('resumed')).toBeNull()
    expect(notificationFor({ type: 'changed', jobId: 'opera-1a2b', version: 3 }, job(), 0)).toBeNull()
  })
})
