import { describe, expect, it } from 'vitest'
import { FermataError, ScoreError } from '../engine/index.ts'
import { problemRecord, problemText } from './problem-text.ts'

const refused = new ScoreError('/scores/hello.yaml', [
  {
    code: 'V008',
    severity: 'error',
    message: 'The key `promt` is unknown.',
    remedy: 'Did you mean `prompt`?',
    line: 3,
    column: 1,
  },
  { code: 'V103', severity: 'warning', message: 'The timeout is short.', remedy: null, line: 7, column: 5 },
])

describe('an error on the command line', () => {
  it('tells what a score is refused for with its place and its remedy; what is only doubtful can wait', () => {
    expect(problemText(refused)).toBe('/scores/hello.yaml:3:1: The key `promt` is unknown.\n  Did you mean `prompt`?\n')
  })

  it('tells what to do about a known error, and all there is about an unknown one', () => {
    expect(problemText(new FermataError('X', 'It is closed.', { remedy: 'Open it.' }))).toBe(
      'fermata: It is closed.\n  Open it.\n',
    )
    expect(problemText(new FermataError('X', 'It is closed.'))).toBe('fermata: It is closed.\n')
    expect(problemText(new TypeError('x is not a function'))).toContain('TypeError: x is not a function\n    at ')
  })

  it('is one record for programs', () => {
    expect(problemRecord(refused, 'refused', 0)).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      type: 'error',
      jobId: null,
      event: 'refused',
      data: {
        code: 'SCORE_INVALID',
        message: '/scores/hello.yaml:3:1: The key `promt` is unknown.',
        remedy: 'Did you mean `prompt`?',
        file: '/scores/hello.yaml',
        findings: refused.errors,
      },
    })
    expect(problemRecord('odd', 'failed', 0).data).toEqual({ code: 'UNEXPECTED', message: 'odd', remedy: null })
  })
})
