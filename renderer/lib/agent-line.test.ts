import { describe, expect, it } from 'vitest'
import { readAgentLine } from './agent-line.ts'

const read = (event: unknown) => readAgentLine(JSON.stringify(event))
const assistant = (...content: unknown[]) => ({ type: 'assistant', message: { id: 'm1', content } })

describe('a line of Claude Code', () => {
  it('says what the agent wrote, on one line', () => {
    expect(read(assistant({ type: 'text', text: 'First.\n\n  Then.' }))).toEqual({ tone: 'text', text: 'First. Then.' })
  })

  it('names the tool and what it works on', () => {
    expect(read(assistant({ type: 'tool_use', name: 'Read', input: { file_path: 'src/a.ts', limit: 5 } }))?.text).toBe(
      'Read  src/a.ts',
    )
    expect(read(assistant({ type: 'tool_use', name: 'Odd', input: { x: 1 } }))?.text).toBe('Odd  {"x":1}')
    expect(read(assistant({ type: 'tool_use', name: 'Bare' }))?.text).toBe('Bare')
  })

  it('joins several blocks of one line', () => {
    expect(
      read(assistant({ type: 'text', text: 'Look.' }, { type: 'tool_use', name: 'Bash', input: { command: 'ls' } }))?.text,
    ).toBe('Look.  ·  Bash  ls')
  })

  it('shows what a tool answered, and when it failed', () => {
    const result = (parts: object) => read({ type: 'user', message: { content: [{ type: 'tool_result', ...parts }] } })
    expect(result({ content: 'ok' })).toEqual({ tone: 'note', text: '→ ok' })
    expect(result({ content: [{ type: 'text', text: 'no such file' }], is_error: true })).toEqual({
      tone: 'fail',
      text: '→ no such file',
    })
  })

  it('tells a finished run from a failed one', () => {
    expect(read({ type: 'result', is_error: false, result: 'All done.' })).toEqual({ tone: 'ok', text: 'Finished: All done.' })
    expect(read({ type: 'result', is_error: true, result: 'Limit reached' })).toEqual({
      tone: 'fail',
      text: 'Failed: Limit reached',
    })
  })

  it('alarms about a rate limit only when it stops the agent', () => {
    const limit = (status: string) => read({ type: 'rate_limit_event', rate_limit_info: { status } })?.tone
    expect([limit('allowed_warning'), limit('rejected')]).toEqual(['note', 'fail'])
  })
})

describe('a line of Codex', () => {
  it('shows messages and commands', () => {
    expect(read({ type: 'item.completed', item: { type: 'agent_message', text: 'Hello' } })).toEqual({
      tone: 'text',
      text: 'Hello',
    })
    expect(read({ type: 'item.started', item: { type: 'command_execution', command: 'npm test' } })).toEqual({
      tone: 'tool',
      text: 'Run  npm test',
    })
    expect(read({ type: 'item.completed', item: { type: 'command_execution', command: 'npm test', exit_code: 1 } })?.tone).toBe(
      'fail',
    )
  })

  it('does not take a reconnection for a failure', () => {
    expect(read({ type: 'error', message: 'Reconnecting... 1/5' })?.tone).toBe('note')
    expect(read({ type: 'turn.failed', error: { message: 'usage limit' } })).toEqual({
      tone: 'fail',
      text: 'Failed: usage limit',
    })
  })
})

describe('everything else stays raw', () => {
  it.each([
    'plain text',
    '',
    '{ not json',
    '{"type":"assistant"}',
    '{"type":"assistant","message":{"content":[{"type":"text","text":7}]}}',
    '{"type":"never_seen","text":"x"}',
    '[1,2]',
    'null',
    '{"type":"user","message":null}',
    `{"type":"result","result":"${'x'.repeat(200_001)}"}`,
  ])('%.60s', (line) => expect(readAgentLine(line)).toBeNull())
})
