import { describe, expect, it } from 'vitest'
import { frozenJob, jobSummary } from '../test/support/job-summary.ts'
import { reasonOfJob, wordOfJob } from './contract-words.ts'

const [attempt] = jobSummary().running
const at = (...phases: NonNullable<typeof attempt>['phase'][]) =>
  phases.flatMap((phase) => (attempt ? [{ ...attempt, phase }] : []))

describe('the word for a job', () => {
  it.each([
    ['running', jobSummary()],
    ['running', jobSummary({ running: at('running', 'checking') })],
    ['checking', jobSummary({ running: at('checking', 'checking') })],
    ['pausing', jobSummary({ status: 'pausing', running: at('checking') })],
    ['cancelling', jobSummary({ cancelling: true, running: at('stopping') })],
    ['frozen', frozenJob()],
    ['frozen', frozenJob({ running: at('frozen', 'checking') })],
    ['freezing', frozenJob({ running: at('running', 'frozen') })],
    ['thawing', frozenJob({ frozen: { since: 4_000, by: 'user', thawing: true } })],
  ] as const)('is %s', (word, job) => expect(wordOfJob(job)).toBe(word))
})

describe('the reason of a job', () => {
  const held = (count: number) => ['in_progress', ...Array<'fermata'>(count).fill('fermata')] as const

  it('names what waits for a person beside what runs, and says nothing twice', () => {
    const reason = (count: number, status: 'running' | 'waiting') =>
      reasonOfJob({ reason: 'Sheet 1 of 3 on cli', status, sheetStatuses: held(count) })
    expect(reason(0, 'running')).toBe('Sheet 1 of 3 on cli')
    expect(reason(1, 'running')).toBe('Sheet 1 of 3 on cli. Sheet 2 waits for your decision')
    expect(reason(2, 'running')).toBe('Sheet 1 of 3 on cli. 2 sheets wait for your decision')
    expect(reason(1, 'waiting')).toBe('Sheet 1 of 3 on cli')
  })
})
