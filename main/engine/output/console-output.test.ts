import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ConsoleOutput, createConsoleOutput } from './console-output.ts'

const standing = {
  name: 'hello',
  instrument: 'rehearsal',
  workspace: '/scores/workspace',
  total_sheets: 4,
  completed_sheets: 4,
  duration_seconds: 12,
  input_tokens: 4000,
  output_tokens: 800,
  cache_read_tokens: 90_000,
  cache_write_tokens: 0,
  total_cost: 0.1,
}

/** What a terminal would show after `text`: the lines gone by and the one being redrawn. */
function screen(text: string): string[] {
  return text.split('\n').map((line) => line.split('\r\u001b[2K').at(-1) ?? '')
}

describe('the console', () => {
  let written: string
  let output: ConsoleOutput
  const on = (stream: { isTTY: boolean; columns?: number }, environment: Record<string, string> = {}) => {
    written = ''
    output = createConsoleOutput({ ...stream, write: (text) => (written += text) }, { environment })
  }
  beforeEach(() => void vi.useFakeTimers({ now: new Date(2026, 4, 9, 12) }))
  afterEach(() => {
    output.close()
    vi.useRealTimers()
  })

  const play = () => {
    output.jobEvent('hello-1', 'started', { ...standing, completed_sheets: 0 })
    output.progress('hello-1', 0, 4, null)
    output.sheetEvent('hello-1', 1, 'started', { attempt: 1, total_sheets: 4 })
    vi.advanceTimersByTime(3000)
    output.sheetEvent('hello-1', 1, 'completed', { ...standing, attempt: 1, duration_seconds: 2.9 })
    output.jobEvent('hello-1', 'cost_update', standing)
    output.progress('hello-1', 1, 4, 9)
  }

  it('prints plain lines on a pipe, one per happening', () => {
    on({ isTTY: false })
    play()
    output.jobEvent('hello-1', 'completed', standing)
    expect(written.split('\n')).toEqual([
      '  hello: 4 sheets on rehearsal',
      '▸ sheet 1 of 4',
      '✓ sheet 1 of 4 done · 2.9 s · 4.8k tokens · $0.10',
      '✓ hello completed',
      '  4 of 4 sheets · 12 s · 4.8k tokens · $0.10',
      '  files: /scores/workspace',
      '',
    ])
  })

  it('keeps a status line with bar, time, tokens and what is left at the bottom of a terminal', () => {
    on({ isTTY: true, columns: 120 }, { NO_COLOR: '1' })
    play()
    expect(screen(written).at(-1)).toBe('█████░░░░░░░░░░░░░░░ 1/4 sheets · 3 s · 4.8k tokens · $0.10 · about 9 s left')
    vi.advanceTimersByTime(5000)
    expect(screen(written).at(-1)).toBe('█████░░░░░░░░░░░░░░░ 1/4 sheets · 8 s · 4.8k tokens · $0.10 · about 4 s left')
    output.jobEvent('hello-1', 'paused', { ...standing, reason: 'Paused by you after sheet 1' })
    expect(screen(written).slice(-2)).toEqual(['  files: /scores/workspace', ''])
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([
    [30, 29],
    [0, 79],
  ])('never lets the status line wrap: in %d columns it has %d', (columns, length) => {
    on({ isTTY: true, columns })
    play()
    output.jobEvent('hello-1', 'cost_update', { ...standing, total_cost: 1e20 })
    output.progress('hello-1', 1_000_000, 4_000_000, 9)
    expect(screen(written).at(-1)).toHaveLength(length)
  })

  it.each([
    ['colours a terminal', { isTTY: true }, {}, true],
    ['leaves it without colours when NO_COLOR says so', { isTTY: true }, { NO_COLOR: '1' }, false],
    ['leaves it without colours when it is dumb', { isTTY: true }, { TERM: 'dumb' }, false],
    ['leaves a pipe without colours', { isTTY: false }, {}, false],
  ] as const)('%s', (_promise, stream, environment, coloured) => {
    on(stream, environment)
    play()
    expect(written.includes('\u001b[32m✓')).toBe(coloured)
    expect(written.includes('\u001b')).toBe(stream.isTTY && !('TERM' in environment))
  })

  it('tells why a sheet waits, and tells it once', () => {
    on({ isTTY: false })
    const reason = 'story.md is missing.'
    output.sheetEvent('a', 2, 'validation_failed', { failures: ['story.md does not exist'] })
    output.sheetEvent('a', 2, 'retrying', { attempt: 1, total_sheets: 4, reason, error_code: 'E202', wait_seconds: 10 })
    output.jobEvent('a', 'waiting', { name: 'hello', reason: 'Sheet 2 failed' })
    output.sheetEvent('a', 2, 'started', { attempt: 2, total_sheets: 4 })
    output.sheetEvent('a', 2, 'rate_limit.active', { attempt: 2, total_sheets: 4, reason: 'try later', wait_seconds: 3900 })
    output.sheetEvent('a', 2, 'failed', { attempt: 3, total_sheets: 4, reason })
    expect(written.split('\n')).toEqual([
      '  story.md does not exist',
      '↻ sheet 2 of 4 failed: story.md is missing (E202); attempt 2 in 10 s',
      '▸ sheet 2 of 4, attempt 2',
      '↻ sheet 2 of 4 met a rate limit: try later; it goes on at 13:05 (in 1 h 05 min)',
      '✗ sheet 2 of 4 failed: story.md is missing',
      '',
    ])
  })

  it('tells of a budget, of a cost that is not certain as a range, and of a price that nobody knows', () => {
    on({ isTTY: false })
    output.jobEvent('hello-1', 'budget_warning', { ...standing, reason: 'The job has used 800 of 1,000 tokens' })
    output.jobEvent('hello-1', 'completed', { ...standing, cost_low: 0.05, cost_high: 0.3 })
    output.jobEvent('hello-1', 'completed', { ...standing, total_cost: null, unpriced_tokens: 4800 })
    expect(written.split('\n').filter((line) => !line.includes('files:'))).toEqual([
      '↻ The job has used 800 of 1,000 tokens',
      '✓ hello completed',
      '  4 of 4 sheets · 12 s · 4.8k tokens · $0.05–$0.30',
      '✓ hello completed',
      '  4 of 4 sheets · 12 s · 4.8k tokens · price unknown',
      '',
    ])
  })

  it('tells that a job waits when nothing else did', () => {
    on({ isTTY: false })
    output.jobEvent('a', 'waiting', { name: 'hello', reason: 'Waiting for rehearsal (rate limit)' })
    expect(written).toBe('↻ Waiting for rehearsal (rate limit)\n')
  })

  it('does not let an agent drive the terminal', () => {
    on({ isTTY: true }, { NO_COLOR: '1' })
    output.sheetEvent('a', 1, 'failed', { reason: '\u001b]0;owned\u0007\nfake line' })
    output.log('warn', 'two\nlines')
    expect(written).toBe('✗ sheet 1 failed: ]0;owned fake line\n↻ two lines\n')
  })
})
