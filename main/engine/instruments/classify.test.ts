import { describe, expect, it } from 'vitest'
import { assistant, bash, type Ended, endedAt, init, limitEvent, result, verdictOf } from '../../../test/support/claude-output.ts'
import { instrumentProfile } from './profile.ts'

const now = endedAt

describe('a usage limit', () => {
  const seven = Date.parse('2026-06-17T19:00:00Z')

  it.each<[string, Ended, number | null]>([
    [
      'event, then an error result and exit 1',
      { stdout: [init, limitEvent('rejected'), result("You've hit your limit · resets 7pm (UTC)", { is_error: true })], exit: 1 },
      seven,
    ],
    [
      'event, then the banner as a success and exit 0',
      { stdout: [limitEvent('rejected'), result("You've hit your limit · resets 7pm (UTC)")] },
      seven,
    ],
    [
      'event, then the banner as a success and exit 1',
      { stdout: [limitEvent('rejected'), result("You've hit your limit · resets 7pm (UTC)")], exit: 1 },
      seven,
    ],
    ['event, then an empty answer', { stdout: [limitEvent('rejected'), result('')] }, seven],
    ['event, then nothing', { stdout: [init, limitEvent('rejected')], exit: 1 }, seven],
    [
      'event that names no time, which the banner does',
      {
        stdout: [
          { type: 'rate_limit_event', rate_limit_info: { status: 'rejected' } },
          result("You've hit your limit · resets 7pm (UTC)", { is_error: true }),
        ],
        exit: 1,
      },
      seven,
    ],
    ['error result alone', { stdout: [result('Claude AI usage limit reached|1781722800', { is_error: true })], exit: 1 }, seven],
    ['banner as a success, alone', { stdout: [result('Claude AI usage limit reached|1781722800')] }, seven],
    [
      'banner with a second line',
      { stdout: [result('5-hour limit reached ∙ resets 7pm (UTC)\n     /upgrade to increase your usage limit.')] },
      seven,
    ],
    ['weekly banner', { stdout: [result('Opus weekly limit reached ∙ resets Jun 17 at 7pm (UTC)')] }, seven],
    ['session banner in plain text and exit 0', { stdout: ['You’ve hit your session limit · resets 7pm (UTC)'] }, seven],
    ['plain text on stderr and exit 1', { stderr: 'Error: Claude AI usage limit reached|1781722800\n', exit: 1 }, seven],
    [
      '429 as the final error',
      {
        stdout: [result('API Error: 429 {"type":"error","error":{"type":"rate_limit_error","message":"…"}}', { is_error: true })],
        exit: 1,
      },
      null,
    ],
    [
      'error text of a run that broke off',
      { stdout: [{ type: 'result', subtype: 'error_during_execution', is_error: true, errors: ['Too many requests'] }], exit: 1 },
      null,
    ],
  ])('is seen by %s', async (_, ended, resetAt) => {
    expect(await verdictOf(ended)).toMatchObject({ kind: 'rate_limited', resetAt })
  })

  it.each<[string, Ended]>([
    [
      'an answer about limits',
      { stdout: [result('I added handling for "usage limit reached|1781722800" and too many requests (429).')] },
    ],
    ['an answer that quotes a banner', { stdout: [result("The banner reads: You've hit your limit · resets 7pm (UTC)")] }],
    [
      'an answer that opens with a banner and goes on',
      {
        stdout: [
          result(
            `Limit reached · resets 7pm (UTC)\n\nThat is the text the parser now knows. ${'It has tests for every form. '.repeat(12)}`,
          ),
        ],
      },
    ],
    ['a heading about limits', { stdout: [result('Rate limit reached: what happens then')] }],
    [
      'a message about limits while it worked',
      { stdout: [assistant("You've hit your limit · resets 7pm (UTC)"), result('Done.')] },
    ],
    [
      'a tool that printed a limit event',
      {
        stdout: [
          { type: 'user', message: { content: [{ type: 'tool_result', content: JSON.stringify(limitEvent('rejected')) }] } },
          result('Done.'),
        ],
      },
    ],
    ['a warning', { stdout: [limitEvent('allowed_warning'), result('Done.')] }],
    [
      'a retry of its own',
      { stdout: [{ type: 'system', subtype: 'api_retry', attempt: 1, max_retries: 10, error_status: 429 }, result('Done.')] },
    ],
    [
      'a limit it got past',
      { stdout: [limitEvent('rejected'), limitEvent('allowed'), result('Done, with the rate limit exceeded once.')] },
    ],
    [
      'a limit after which it went on',
      { stdout: [limitEvent('rejected'), assistant('Going on with extra usage.'), result('Done.')] },
    ],
    ['stderr noise of a run that succeeded', { stdout: [result('Done.')], stderr: 'warning: 429 too many requests, retrying\n' }],
  ])('is not seen in %s', async (_, ended) => {
    expect(await verdictOf(ended)).toEqual({ kind: 'succeeded' })
  })

  it.each<[string, Ended, string]>([
    [
      'prose, when something else went wrong',
      {
        stdout: [assistant('Handling usage limit reached|1781722800 now.')],
        stderr: 'TypeError: x is not a function\n',
        exit: 1,
      },
      'E009',
    ],
    [
      'an answer about limits of a program that then ended badly',
      { stdout: [result('Rate limit exceeded is handled now.')], exit: 1 },
      'E009',
    ],
    ['what a killed program had been saying', { stderr: 'too many requests, retrying\n', exit: 137 }, 'E002'],
    [
      'a warning before a failure',
      { stdout: [limitEvent('allowed_warning'), result('No.', { is_error: true })], exit: 1 },
      'E009',
    ],
  ])('is not seen in %s', async (_, ended, code) => {
    expect(await verdictOf(ended)).toMatchObject({ kind: 'failed', error: { code } })
  })

  it('is not looked for in a shell script’s output', async () => {
    expect(await verdictOf({ stdout: 'usage limit reached', stderr: 'too many requests', exit: 1 }, bash)).toMatchObject({
      kind: 'failed',
    })
  })

  it('names a time that is neither past nor farther off than a week', async () => {
    const resetOf = async (resetsAt: unknown) => {
      const stdout = [
        { type: 'rate_limit_event', rate_limit_info: { status: 'rejected', resetsAt } },
        result('', { is_error: true }),
      ]
      const verdict = await verdictOf({ stdout, exit: 1 })
      return verdict.kind === 'rate_limited' ? verdict.resetAt : verdict
    }
    expect(await resetOf(now / 1000 - 60)).toBe(now + 5000)
    expect(await resetOf(now / 1000 + 3600 * 24 * 30)).toBe(now + 7 * 24 * 3_600_000)
    expect(await resetOf('soon')).toBeNull()
    expect(await resetOf(-1)).toBeNull()
    expect(await resetOf(null)).toBeNull()
  })

  it('is an allowance that is used up, or the service’s or the program’s own brake', async () => {
    const codeOf = async (text: string, more: object = { is_error: true }) => {
      const verdict = await verdictOf({ stdout: [result(text, more)] })
      return verdict.kind === 'rate_limited' && verdict.code
    }
    expect(await codeOf("You've hit your limit · resets 7pm (UTC)", {})).toBe('E104')
    expect(await codeOf('Your credit balance is too low')).toBe('E104')
    expect(await codeOf('API Error: 429 rate_limit_error')).toBe('E101')
    expect(await codeOf('Rate limited')).toBe('E102')
  })

  it('is told in the instrument’s own words', async () => {
    expect(await verdictOf({ stdout: [result('5-hour limit reached ∙ resets 7pm (UTC)\n/upgrade for more')] })).toMatchObject({
      message: 'Claude Code has reached a usage limit: 5-hour limit reached ∙ resets 7pm (UTC)',
    })
  })
})

describe('a failure', () => {
  it.each<[string, Ended, { code: string; retriable: boolean; message: string | RegExp }]>([
    [
      'no login',
      { stdout: [result('Invalid API key · Please run /login', { is_error: true })], exit: 1 },
      { code: 'E502', retriable: false, message: 'Claude Code could not log in: Invalid API key · Please run /login' },
    ],
    [
      'no login, said in plain text',
      { stdout: ['Not logged in · Please run /login'], exit: 1 },
      { code: 'E502', retriable: false, message: /could not log in/ },
    ],
    [
      'a rejected key',
      {
        stdout: [result('API Error: 401 {"type":"error","error":{"type":"authentication_error"}}', { is_error: true })],
        exit: 1,
      },
      { code: 'E502', retriable: false, message: /could not log in/ },
    ],
    [
      'overload',
      {
        stdout: [
          result('API Error: 529 {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', {
            is_error: true,
          }),
        ],
        exit: 1,
      },
      { code: 'E103', retriable: true, message: /overloaded/ },
    ],
    [
      'an error result, though the exit status is 0',
      { stdout: [result('It broke.', { is_error: true })] },
      { code: 'E009', retriable: true, message: 'Claude Code reported an error: It broke.' },
    ],
    [
      'an error result without a text',
      { stdout: [{ type: 'result', subtype: 'error_max_turns', is_error: true }], exit: 1 },
      { code: 'E009', retriable: true, message: 'Claude Code reported an error: error_max_turns' },
    ],
    [
      'an exit status',
      { stderr: '\u001b[31mwarning\u001b[0m: x\n\u001b[31mError: no\u0007 disk\u001b[0m\n\n', exit: 3 },
      { code: 'E009', retriable: true, message: 'Claude Code ended with exit status 3: Error: no  disk' },
    ],
    [
      'an exit status without a word',
      { exit: 1 },
      { code: 'E009', retriable: true, message: 'Claude Code ended with exit status 1.' },
    ],
    [
      'no result, though the exit status is 0',
      { stdout: [init, assistant('Hm.')] },
      { code: 'E503', retriable: true, message: 'Claude Code ended without the result its jsonl output should hold.' },
    ],
    [
      'SIGTERM',
      { exit: 143 },
      { code: 'E002', retriable: true, message: 'Claude Code was ended from outside Fermata (SIGTERM).' },
    ],
    ['SIGKILL', { exit: 137 }, { code: 'E002', retriable: true, message: /SIGKILL/ }],
    ['a crash', { exit: 139 }, { code: 'E003', retriable: false, message: 'Claude Code crashed (SIGSEGV).' }],
    ['Ctrl+C', { exit: 130 }, { code: 'E004', retriable: false, message: /interrupted/ }],
    ['an exit status that is no signal', { exit: 255 }, { code: 'E009', retriable: true, message: /exit status 255/ }],
  ])('by %s has its code', async (_, ended, { code, retriable, message }) => {
    expect(await verdictOf(ended)).toEqual({
      kind: 'failed',
      error: { code, message: typeof message === 'string' ? message : expect.stringMatching(message) },
      retriable,
    })
  })

  it('is told apart by the profile’s patterns, the gravest first', async () => {
    const profile = instrumentProfile.parse({
      name: 'agent',
      cli: {
        command: { executable: 'agent' },
        errors: {
          rate_limit_patterns: ['slow down'],
          quota_patterns: ['used up'],
          auth_error_patterns: ['login'],
          crash_patterns: ['panic'],
          stale_patterns: ['stalled'],
          timeout_patterns: ['timed out'],
          capacity_patterns: ['busy'],
        },
      },
    })
    const words = ['used up', 'slow down', 'login', 'panic', 'stalled', 'timed out', 'busy', 'odd']
    const found = words.map(async (_, index) => {
      const verdict = await verdictOf({ stderr: words.slice(index).reverse().join('\n'), exit: 1 }, profile)
      return verdict.kind === 'rate_limited' ? verdict.code : verdict.kind === 'failed' && verdict.error.code
    })
    expect(await Promise.all(found)).toEqual(['E104', 'E102', 'E502', 'E003', 'E006', 'E001', 'E103', 'E009'])
    // An agent that succeeded may write about all of them.
    expect(await verdictOf({ stdout: words.join('\n'), stderr: words.join('\n') }, profile)).toEqual({ kind: 'succeeded' })
  })

  it('of a script is told by its last words', async () => {
    expect(
      await verdictOf({ stdout: 'step 1\n', stderr: 'bash: line 2: frobnicate: command not found\n', exit: 127 }, bash),
    ).toMatchObject({
      error: { code: 'E009', message: 'Shell (bash) ended with exit status 127: bash: line 2: frobnicate: command not found' },
    })
  })

  it('is one only if the profile does not take the exit status for success', async () => {
    const profile = instrumentProfile.parse({
      name: 'agent',
      cli: { command: { executable: 'agent' }, errors: { success_exit_codes: [0, 2, 137] } },
    })
    expect(await verdictOf({ exit: 2 }, profile)).toEqual({ kind: 'succeeded' })
    expect(await verdictOf({ exit: 137 }, profile)).toEqual({ kind: 'succeeded' })
    expect(await verdictOf({ exit: 1 }, profile)).toMatchObject({ kind: 'failed' })
  })
})
