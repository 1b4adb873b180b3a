import { describe, expect, it } from 'vitest'
import { failedJob, frozenJob, jobNews, jobSummary, pausedJob } from '../../../test/support/job-summary.ts'
import { digest, noticeFor } from './notice.ts'

describe('a notification', () => {
  it.each([
    ['completed', jobSummary({ status: 'completed' }), 'nightly-refactor is finished'],
    ['failed', failedJob(), 'nightly-refactor failed'],
    ['paused', pausedJob(), 'nightly-refactor is paused'],
    ['interrupted', jobSummary({ status: 'interrupted' }), 'nightly-refactor was interrupted'],
    ['waiting', jobSummary({ status: 'waiting' }), 'nightly-refactor waits for you'],
  ] as const)('tells that a job %s, and which', (news, job, title) => {
    expect(noticeFor(jobNews(news), job)).toEqual({ title, body: job.reason, jobId: 'job-1' })
  })

  it('gives the reason of the news, not of what the job became since', () => {
    expect(noticeFor(jobNews('paused', 'job-1', 'Paused by its pause file'), jobSummary())?.body).toBe('Paused by its pause file')
  })

  it('is worth it when the computer froze a job, not when its user did', () => {
    const frozen = { since: 1, by: 'pressure', thawing: false } as const
    expect(noticeFor(jobNews('frozen'), frozenJob({ frozen }))?.title).toBe('nightly-refactor was frozen')
    expect(noticeFor(jobNews('frozen'), frozenJob())).toBeNull()
  })

  it.each(['started', 'pausing', 'resumed', 'cancelled'] as const)('is not worth it when a job %s', (news) => {
    expect(noticeFor(jobNews(news), jobSummary())).toBeNull()
  })

  it('is not worth it when a job waits and goes on by itself', () => {
    expect(noticeFor(jobNews('waiting'), jobSummary({ status: 'waiting', wakeAt: 9_000 }))).toBeNull()
  })
})

describe('a digest', () => {
  const notice = (n: number) => ({ title: `job ${n} failed`, body: 'why', jobId: `job-${n}` })

  it('of one is that one', () => {
    expect(digest([notice(1)])).toEqual(notice(1))
  })

  it('of many names the first and counts the rest', () => {
    expect(digest([1, 2, 3, 4, 5, 6].map(notice))).toEqual({
      title: '6 jobs have news',
      body: 'job 1 failed\njob 2 failed\njob 3 failed\njob 4 failed\nand 2 more',
      jobId: null,
    })
  })
})
