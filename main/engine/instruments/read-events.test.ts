import { describe, expect, it } from 'vitest'
import { read } from '../../../test/support/claude-output.ts'
import { instrumentProfile } from './profile.ts'

describe('the end of a stream of events', () => {
  const profile = instrumentProfile.parse({
    name: 'agent',
    cli: {
      command: { executable: 'agent' },
      output: {
        format: 'jsonl',
        completion_event_type: 'end',
        result_path: 'text',
        end_event_type: 'over',
        error_event_types: ['error'],
        error_path: 'message',
      },
    },
  })
  const verdictOf = async (...stdout: object[]) => (await read({ stdout }, profile)).verdict

  it('may be another event than the answer', async () => {
    expect((await read({ stdout: [{ type: 'end', text: 'Done.' }, { type: 'over' }] }, profile)).resultText).toBe('Done.')
    expect(await verdictOf({ type: 'end', text: 'Done.' })).toMatchObject({ error: { code: 'E503' } })
  })

  it('makes up for a limit before it where limits are told as errors', async () => {
    const limited = instrumentProfile.parse({
      ...profile,
      cli: { ...profile.cli, errors: { rate_limit_event_type: 'error', rate_limit_patterns: ['rate limit'] } },
    })
    const stdout = [{ type: 'error', message: '429' }, { type: 'end', text: 'The rate limit is handled.' }, { type: 'over' }]
    expect((await read({ stdout }, limited)).verdict).toEqual({ kind: 'succeeded' })
    expect((await read({ stdout: stdout.slice(0, 1) }, limited)).verdict).toMatchObject({ kind: 'rate_limited' })
  })

  it('makes up for errors before it, not for one behind it', async () => {
    const error = { type: 'error', message: 'Lost the connection.' }
    expect(await verdictOf(error, { type: 'over' })).toEqual({ kind: 'succeeded' })
    expect(await verdictOf({ type: 'over' }, error)).toMatchObject({
      error: { code: 'E009', message: 'agent reported an error: Lost the connection.' },
    })
  })
})
