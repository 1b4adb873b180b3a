import { describe, expect, it } from 'vitest'
import { failedJob, jobSummary, pausedJob } from '../../../test/support/job-summary.ts'
import { quitQuestion } from './quit-question.ts'

describe('quitting', () => {
  it('asks nothing when no job goes on', () => {
    expect(quitQuestion([])).toBeNull()
    expect(quitQuestion([pausedJob(), failedJob(), jobSummary({ status: 'interrupted' })])).toBeNull()
  })

  it.each(['queued', 'running', 'pausing'] as const)('asks when a job is %s', (status) => {
    expect(quitQuestion([jobSummary({ status })])?.detail).toContain('nightly-refactor')
  })

  it('asks when a job waits for a time, for then it would go on', () => {
    expect(quitQuestion([jobSummary({ status: 'waiting', wakeAt: 9_000 })])).not.toBeNull()
    expect(quitQuestion([jobSummary({ status: 'waiting', wakeAt: null })])).toBeNull()
  })

  it('is honest about what keeping them running means', () => {
    const question = quitQuestion([jobSummary(), jobSummary({ id: 'job-2', name: 'docs' })])
    expect(question?.message).toMatch(/^2 jobs/)
    expect(question?.detail).toMatch(/present sheet goes on without Fermata/)
    expect(question?.detail).toMatch(/next sheet starts when Fermata is open again/)
    expect(question?.detail).toMatch(/nobody watches token limits/)
  })

  it('offers keeping first, and has an answer for every button', () => {
    expect(quitQuestion([jobSummary(), jobSummary()])).toMatchObject({
      buttons: ['Keep running in the background', 'Cancel jobs and quit', 'Don’t quit'],
      answers: ['keep', 'cancel_jobs', 'stay'],
    })
  })

  it('names a few jobs and counts the others', () => {
    const detail = quitQuestion(Array.from({ length: 9 }, (_, i) => jobSummary({ name: `job ${i}` })))?.detail
    expect(detail).toContain('• job 4\n• and 4 more')
    expect(detail).not.toContain('• job 5')
  })
})
