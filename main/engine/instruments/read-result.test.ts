import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  assistant,
  bash,
  claude,
  type Ended,
  endedAt,
  init,
  read,
  result,
  verdictOf,
} from '../../../test/support/claude-output.ts'
import { instrumentProfile } from './profile.ts'
import { readResult } from './read-result.ts'

describe('the result of an attempt', () => {
  it('is the final event’s answer, tokens and cost, not the placeholders of running messages', async () => {
    expect(await read({ stdout: [init, assistant('Looking.'), assistant('Looking more.'), result('All done.')] })).toEqual({
      verdict: { kind: 'succeeded' },
      resultText: 'All done.',
      usage: {
        inputTokens: 1200,
        outputTokens: 340,
        cacheReadTokens: 80000,
        cacheWriteTokens: 5000,
        costUsd: 0.1234,
        confidence: 'exact',
        source: 'result of claude-code',
      },
    })
  })

  it('is the last one where several came', async () => {
    expect((await read({ stdout: [result('First.'), assistant('And on.'), result('Second.')] })).resultText).toBe('Second.')
  })

  it('is only what the profile’s filter lets through', async () => {
    const profile = instrumentProfile.parse({
      name: 'agent',
      cli: {
        command: { executable: 'agent' },
        output: {
          format: 'jsonl',
          completion_event_type: 'item.completed',
          completion_event_filter: { 'item.type': 'agent_message' },
          result_path: 'item.text',
        },
      },
    })
    const item = (type: string, text: string) => ({ type: 'item.completed', item: { type, text } })
    const stdout = [item('agent_message', 'Done.'), item('command_execution', 'ls')]
    expect((await read({ stdout }, profile)).resultText).toBe('Done.')
  })

  it('has an estimated usage without a result, or where a result has none', async () => {
    const silent = result('Done.', { usage: undefined, total_cost_usd: undefined })
    expect((await read({ stdout: [init, assistant('Hm.')] })).usage).toMatchObject({ confidence: 'live' })
    expect((await read({ stdout: [silent] })).usage).toMatchObject({ outputTokens: 2, confidence: 'estimate', costUsd: null })
    expect(
      (await read({ stdout: [result('Done.', { usage: { input_tokens: 'many', output_tokens: -1 } })] })).usage,
    ).toMatchObject({
      inputTokens: 0,
      outputTokens: 0,
      costUsd: 0.1234,
    })
  })

  it('has no usage where it was refused before anything was told', async () => {
    const refused = result('Invalid API key · Please run /login', { is_error: true, usage: undefined, total_cost_usd: undefined })
    expect((await read({ stdout: [refused], exit: 1 }, claude, { prompt: 'Do it.' })).usage).toBeNull()
  })

  it('keeps usage of a failed run', async () => {
    const reading = await read({ stdout: [result('Boom.', { is_error: true })], exit: 1 })
    expect(reading.usage?.inputTokens).toBe(1200)
  })

  it('of a plain-text instrument is its whole output', async () => {
    expect(await read({ stdout: 'one\ntwo\n' }, bash)).toEqual({
      verdict: { kind: 'succeeded' },
      resultText: 'one\ntwo\n',
      usage: null,
    })
  })

  it('of plain text keeps whole characters when only the end fits', async () => {
    const { resultText } = await read({ stdout: `x${'é'.repeat(200_000)}` }, bash)
    expect(resultText).toBe('é'.repeat(50_000))
  })

  it('of an instrument that prints one JSON object is found by its paths', async () => {
    const profile = instrumentProfile.parse({
      name: 'agent',
      cli: {
        command: { executable: 'agent' },
        output: { format: 'json', result_path: 'answer.text', error_path: 'error.message', input_tokens_path: 'usage.in' },
      },
    })
    const document = JSON.stringify({ answer: { text: 'Done.' }, usage: { in: 7 } }, null, 2)
    expect(await read({ stdout: document }, profile)).toMatchObject({
      verdict: { kind: 'succeeded' },
      resultText: 'Done.',
      usage: { inputTokens: 7, costUsd: null },
    })
    expect(await verdictOf({ stdout: 'not JSON' }, profile)).toMatchObject({ kind: 'failed', error: { code: 'E503' } })
    const between = `Warning: {old} settings\n${document}\nBye.\n`
    expect(await read({ stdout: between }, profile)).toMatchObject({ verdict: { kind: 'succeeded' }, resultText: 'Done.' })
    const complaint = JSON.stringify({ error: { message: 'No disk.' } }, null, 2)
    expect(await verdictOf({ stderr: `Warning.\n${complaint}\n`, exit: 1 }, profile)).toMatchObject({
      error: { code: 'E009', message: 'agent reported an error: No disk.' },
    })
    const flood = '{"a":1}\n'.repeat(200_000)
    expect(await verdictOf({ stdout: flood, stderr: flood }, profile)).toMatchObject({ error: { code: 'E503' } })
  })

  it('is read when the files are missing', async () => {
    expect((await readResult(bash, { folder: '/nowhere', exitStatus: 0, now: endedAt })).resultText).toBe('')
    expect((await readResult(claude, { folder: '/nowhere', exitStatus: 0, now: endedAt })).verdict).toMatchObject({
      error: { code: 'E503' },
    })
  })
})

describe('output that is not what it should be', () => {
  it.each<[string, Ended['stdout']]>([
    ['a result that was cut off', `${JSON.stringify(init)}\n${JSON.stringify(result('Done.')).slice(0, -20)}`],
    ['bytes that are no text', '\u0000\u0001{"type":"result"\n}{\n[[[[\n"result"\n'],
    ['a result that is no object', '["type","result"]\n"result"\nnull\n12\n'],
    ['another event that mentions a result', [{ type: 'assistant', message: { type: 'result', result: 'Done.' } }]],
  ])('%s is no result and no crash', async (_, stdout) => {
    expect(await verdictOf({ stdout: stdout ?? [] })).toMatchObject({ kind: 'failed', error: { code: 'E503' } })
  })

  it('does not hide a good result between broken lines', async () => {
    const stdout = ['{"type":"result","is_er', '}{', result('Done.'), '{"type":"result"', 'bye']
    expect(await read({ stdout })).toMatchObject({ verdict: { kind: 'succeeded' }, resultText: 'Done.' })
  })

  it('does not need a newline after the result', async () => {
    expect(await verdictOf({ stdout: JSON.stringify(result('Done.')) })).toEqual({ kind: 'succeeded' })
  })

  it('leaves out lines of more than 4 MB and goes on behind them', { timeout: 30_000 }, async () => {
    const huge = assistant('"result" '.repeat(600_000))
    expect(await verdictOf({ stdout: [huge, result('x'.repeat(1_000_000)), huge] })).toEqual({ kind: 'succeeded' })
    expect(await verdictOf({ stdout: [result('x'.repeat(5_000_000))] })).toMatchObject({ error: { code: 'E503' } })
  })

  it('is read in bounded memory, whatever its size', { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fermata-attempt-'))
    const stdout = await open(join(folder, 'stdout'), 'w')
    const line = Buffer.from(`${JSON.stringify(assistant('noise '.repeat(10_000)))}\n`)
    const unbroken = Buffer.alloc(1024 * 1024, 'x')
    for (let megabytes = 0; megabytes < 100; megabytes++) await stdout.write(unbroken)
    await stdout.write('\n')
    for (let lines = 0; lines < 2000; lines++) await stdout.write(line)
    await stdout.write(JSON.stringify(result('Done.')))
    await stdout.close()
    const before = process.memoryUsage.rss()
    expect((await readResult(claude, { folder, exitStatus: 0, now: endedAt })).verdict).toEqual({ kind: 'succeeded' })
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 * 1024)
    await rm(folder, { recursive: true })
  })
})
