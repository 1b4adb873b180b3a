import { describe, expect, it } from 'vitest'
import { aScore } from '../../../../test/support/score.ts'
import { newJob, policyOf } from '../../scheduling/new-job.ts'
import type { SheetState } from '../../scheduling/state.ts'
import { planScore } from '../../score/plan.ts'
import { notificationFor } from './event.ts'

function job(...changes: readonly Partial<SheetState>[]) {
  const score = aScore({ name: 'opera', sheets: 3 })
  const plan = planScore(score)
  const fresh = newJob('opera-1a2b', plan, policyOf(score), 0)
  const sheets = fresh.sheets.map((sheet, index) => ({ ...sheet, ...changes[index] }))
  return {
    state: { ...fresh, sheets, startedAt: 1000 },
    score,
    plan,
    notes: [],
    chainDepth: 0,
    follows: null,
    scorePath: '/s.yaml',
  }
}

describe('news for notifications', () => {
  it('of a sheet tell which one, how long it took and why it failed', () => {
    const news = {
      type: 'sheet',
      jobId: 'opera-1a2b',
      sheet: 2,
      attempt: 1,
      news: 'failed',
      at: 9000,
      reason: 'a.md does not exist',
    } as const
    expect(notificationFor(news, job({ status: 'completed' }, { status: 'failed', startedAt: 4000 }))).toEqual({
      name: 'sheet_failed',
      at: 9000,
      jobId: 'opera-1a2b',
      jobName: 'opera',
      sheet: 2,
      totalSheets: 3,
      completedSheets: 1,
      failedSheets: 1,
      durationMs: 5000,
      error: 'a.md does not exist',
    })
  })

  it('of a job tell how long it took, never less than nothing', () => {
    const news = { type: 'job', jobId: 'opera-1a2b', news: 'completed', at: 500, reason: 'Done' } as const
    expect(notificationFor(news, job())).toMatchObject({ name: 'job_complete', sheet: null, durationMs: 0, error: null })
    expect(notificationFor({ ...news, news: 'paused', reason: 'Paused by you' }, job())).toMatchObject({
      name: 'job_paused',
      error: 'Paused by you',
    })
  })

  it('that no score can ask for are none', () => {
    expect(notificationFor({ type: 'job', jobId: 'opera-1a2b', news: 'resumed', at: 0, reason: '' }, job())).toBeNull()
    expect(notificationFor({ type: 'changed', jobId: 'opera-1a2b', version: 3 }, job())).toBeNull()
  })
})
