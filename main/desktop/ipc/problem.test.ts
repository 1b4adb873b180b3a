import { describe, expect, it } from 'vitest'
import { JobNotFoundError, ScoreError } from '../../engine/index.ts'
import { problemOf } from './problem.ts'

describe('an error on its way to the window', () => {
  it('keeps code, sentence and remedy', () => {
    expect(problemOf(new JobNotFoundError('j1'))).toEqual({
      code: 'JOB_NOT_FOUND',
      message: 'No job has the id "j1".',
      remedy: 'List the jobs to see their ids.',
      file: null,
      findings: [],
    })
  })

  it('keeps every finding about a score, with its place', () => {
    const finding = { code: 'V101', severity: 'error', message: 'no', remedy: 'yes', line: 3, column: 5 } as const
    const problem = problemOf(new ScoreError('/a.yaml', [finding, { ...finding, line: 9, remedy: null }]))
    expect(problem.file).toBe('/a.yaml')
    expect(problem.findings).toEqual([
      { line: 3, column: 5, message: 'no', remedy: 'yes' },
      { line: 9, column: 5, message: 'no', remedy: null },
    ])
  })

  it('is told as our own fault when nobody raised it on purpose', () => {
    expect(problemOf(new TypeError('x is undefined'))).toMatchObject({
      code: 'INTERNAL',
      message: 'Something in Fermata went wrong: x is undefined',
    })
    expect(problemOf('odd').message).toContain('odd')
  })
})
