import { describe, expect, it } from 'vitest'
import { failedJob, jobNews, jobSummary } from '../../../test/support/job-summary.ts'
import { attentionAfter, attentionAtStart, needsAttention } from './attention.ts'

const interrupted = jobSummary({ status: 'interrupted', running: [], needsYou: true })

describe('attention', () => {
  it('is asked for by news of a job that failed, was interrupted or waits for a person', () => {
    const attention = attentionAfter(new Set(), jobNews('failed'))
    expect(needsAttention(failedJob(), attention)).toBe(true)
    expect(needsAttention(interrupted, attention)).toBe(true)
    expect(needsAttention(jobSummary({ status: 'paused', needsYou: true }), attention)).toBe(true)
    expect(needsAttention(jobSummary({ status: 'waiting', wakeAt: 9_000 }), attention)).toBe(false)
  })

  it('ends by itself when the job goes on, and begins only with news', () => {
    const attention = attentionAfter(new Set(), jobNews('failed'))
    expect(needsAttention(jobSummary(), attention)).toBe(false)
    expect(needsAttention(failedJob(), new Set())).toBe(false)
  })

  it('is not asked for by what only changed', () => {
    const before = new Set<string>()
    expect(attentionAfter(before, { type: 'changed', jobId: 'job-1', version: 1 })).toBe(before)
  })

  it('is asked for at the start by interrupted jobs, not by those that failed long ago', () => {
    expect(attentionAtStart([interrupted, failedJob({ id: 'job-2' })])).toEqual(new Set(['job-1']))
  })
})
