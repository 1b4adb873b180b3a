import { describe, expect, it } from 'vitest'
import { failedJob, frozenJob, jobSummary, pausedJob } from '../../../test/support/job-summary.ts'
import { quitQuestion, quittingLabel } from './quit-question.ts'

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
      buttons: ['Keep running in the background', 'Pause, then quit', 'Cancel jobs and quit', 'Don’t quit'],
      answers: ['keep', 'pause_jobs', 'cancel_jobs', 'stay'],
      usual: 'keep',
    })
  })

  it('says that what is frozen stays frozen', () => {
    const question = quitQuestion([jobSummary(), frozenJob({ name: 'docs' })])
    expect(question?.message).toMatch(/^2 jobs are under way/)
    expect(question?.detail).toContain('• docs (frozen)')
    expect(question?.detail).toMatch(/stays frozen/)
    expect(quitQuestion([jobSummary()])?.detail).not.toMatch(/frozen/)
  })

  it('does not speak of running nor pausing when all there is is frozen', () => {
    const question = quitQuestion([frozenJob()])
    expect(question).toMatchObject({
      message: 'A job is frozen. What should happen to it?',
      buttons: ['Leave frozen and quit', 'Cancel job and quit', 'Don’t quit'],
      answers: ['keep', 'cancel_jobs', 'stay'],
    })
    expect(question?.detail).not.toMatch(/next sheet|Paused/)
  })

  it('names what is being cancelled, and neither keeps nor pauses it', () => {
    const cancelling = jobSummary({ name: 'docs', cancelling: true })
    expect(quitQuestion([cancelling])).toBeNull()
    const question = quitQuestion([jobSummary(), cancelling])
    expect(question?.message).toMatch(/^A job is under way/)
    expect(question?.detail).toContain('• docs (is being cancelled)')
    expect(question?.detail).toContain('is ended before Fermata quits')
  })

  it('says what earlier stops could not end', () => {
    const left = (pids: number[]) => quitQuestion([jobSummary(), jobSummary({ status: 'cancelled', survivors: pids })])?.detail
    expect(left([12])).toContain('Process 12 of nightly-refactor could not be ended and runs on.')
    expect(left([12, 13])).toContain('Processes 12, 13 of nightly-refactor could not be ended and run on.')
  })

  it('asks again, with waiting as the usual answer, while it waits for sheets', () => {
    const question = quitQuestion([jobSummary({ status: 'pausing' })], 2)
    expect(question?.message).toMatch(/^Fermata quits when 2 sheets are done/)
    expect(question?.usual).toBe('pause_jobs')
    expect(question?.buttons[1]).toBe('Go on waiting, then quit')
  })

  it('names what it waits for in the tray', () => {
    expect([0, 1, 2].map(quittingLabel)).toEqual([
      'Quitting…',
      'Quitting when 1 sheet is done…',
      'Quitting when 2 sheets are done…',
    ])
  })

  it('names a few jobs and counts the others', () => {
    const detail = quitQuestion(Array.from({ length: 9 }, (_, i) => jobSummary({ name: `job ${i}` })))?.detail
    expect(detail).toContain('• job 4\n• and 4 more')
    expect(detail).not.toContain('• job 5')
  })
})
