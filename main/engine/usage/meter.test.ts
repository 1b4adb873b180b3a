import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { assistant, bundled, claude, init, result } from '../../../test/support/claude-output.ts'
import type { InstrumentProfile } from '../instruments/profile.ts'
import { readUsage } from '../instruments/read-result.ts'
import type { Price } from '../instruments/usage.ts'
import { capLogs } from '../logs/cap-logs.ts'
import { createMeter } from './meter.ts'

const minutes = 60_000
const prompt = 'Write a page about the sea.'
const free: Price = (usage) => usage

let folder: string
let now: number
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fermata-meter-'))
  now = 1_000_000
  await writeFile(join(folder, 'prompt'), prompt)
})
afterEach(() => rm(folder, { recursive: true }))

const meterOf = (profile: InstrumentProfile, price = free) =>
  createMeter({ profile, folder, model: 'asked', price, now: () => now })
const print = (...lines: (object | string)[]) =>
  appendFile(
    join(folder, 'stdout'),
    lines.map((line) => (typeof line === 'string' ? line : `${JSON.stringify(line)}\n`)).join(''),
  )

/** A message whose figures are good. */
const message = (id: string, input: number, output: number, cached = 0) => {
  const { message: plain, ...rest } = assistant('Looking.', id)
  const usage = { input_tokens: input, output_tokens: output, cache_read_input_tokens: cached }
  return { ...rest, message: { ...plain, model: 'claude-sonnet-4-5', usage } }
}
const step = (id: string, input: number, cost = 0.01) => ({
  type: 'step_finish',
  part: { id, cost, tokens: { input, output: 10, reasoning: 0, cache: { read: 0, write: 0 } } },
})

describe('the meter of a running attempt', () => {
  it('tells what messages add up to, each once, until the result says it for good', async () => {
    const meter = meterOf(claude)
    await print(init, message('m1', 10, 5, 20_000), message('m1', 10, 5, 20_000))
    expect(await meter.look()).toMatchObject({
      usage: { inputTokens: 10, outputTokens: 5, cacheReadTokens: 20_000, confidence: 'live' },
      source: 'live',
      model: 'claude-sonnet-4-5',
      brokenSince: null,
    })
    await print(message('m2', 20, 7, 21_000))
    expect((await meter.look()).usage).toMatchObject({ inputTokens: 30, outputTokens: 12, cacheReadTokens: 41_000 })
    await print(result('Done.'))
    expect((await meter.look()).usage).toMatchObject({ inputTokens: 1200, costUsd: 0.1234, confidence: 'exact' })
  })

  it('does not fall below a result after which the program went on', async () => {
    const meter = meterOf(claude)
    await print(message('m1', 10, 5), result('Done.'), message('m2', 10, 5))
    expect((await meter.look()).usage).toMatchObject({ inputTokens: 1200, confidence: 'exact' })
    await print(message('m3', 500_000, 5))
    expect((await meter.look()).usage).toMatchObject({ inputTokens: 500_020, confidence: 'live' })
  })

  it('gives the very same reading when nothing was printed, and asks for the price when something was', async () => {
    const asked: (string | null)[] = []
    const meter = meterOf(claude, (usage, model) => {
      asked.push(model)
      return { ...usage, costUsd: 2 }
    })
    await print(message('m1', 10, 5))
    const first = await meter.look()
    expect(first.usage?.costUsd).toBe(2)
    expect(await meter.look()).toBe(first)
    expect(asked).toEqual(['claude-sonnet-4-5'])
  })

  it('counts an attempt of an earlier Fermata from its beginning', async () => {
    await print(init, message('m1', 10, 5), 'noise\n')
    await print(message('m3', 20, 7))
    const adopted = await meterOf(claude).look()
    expect(adopted).toMatchObject({ events: 2, usage: { outputTokens: 12 } })
  })

  it('tells the same of the whole as of any parts, however they are cut, and as is read at its end', async () => {
    const lines = [...Array.from({ length: 8 }, (_, at) => step(`p${at % 6}`, 100 + at)), 'noise é∙\n', '{"type":"step_fin\n']
    const whole = lines.map((line) => (typeof line === 'string' ? line : `${JSON.stringify(line)}\n`)).join('')
    const opencode = bundled.get('opencode')
    const bytes = Buffer.from(whole)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 6 }), async (cuts) => {
        await writeFile(join(folder, 'stdout'), '')
        const meter = meterOf(opencode)
        let from = 0
        for (const to of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
          await appendFile(join(folder, 'stdout'), bytes.subarray(from, to))
          await meter.look()
          from = to
        }
        const { usage } = await meter.look()
        expect(usage).toMatchObject({ inputTokens: 106 + 107 + 102 + 103 + 104 + 105, outputTokens: 60, confidence: 'reported' })
        expect(await readUsage(opencode, { folder })).toEqual(usage)
      }),
      { numRuns: 25 },
    )
  })

  it('counts nothing twice and loses nothing when the log is cut, and what it saw stands at the end', async () => {
    const opencode = bundled.get('opencode')
    const meter = meterOf(opencode)
    const noise = `${'noise '.repeat(200)}\n`.repeat(800)
    for (let at = 0; at < 4; at++) {
      await print(noise, step(`p${at}`, 100), noise)
      await meter.look()
      await capLogs(folder, 1_000_000)
    }
    await print(step('last', 100))
    const { usage: seen } = await meter.look()
    expect(seen).toMatchObject({ inputTokens: 500, confidence: 'reported' })
    expect(await readUsage(opencode, { folder })).toMatchObject({ inputTokens: expect.any(Number), confidence: 'live' })
    expect(await readUsage(opencode, { folder, seen })).toEqual(seen)
  })
})

describe('the meter of a program that tells at its end only', () => {
  it('estimates until then: every call reads the prompt and what was written before it', async () => {
    const meter = meterOf(bundled.get('codex-cli'))
    const item = (id: string, text: string) => ({ type: 'item.completed', item: { id, type: 'agent_message', text } })
    const first = await meter.look()
    expect(first).toMatchObject({
      source: 'at_end',
      events: 0,
      usage: { inputTokens: 7, outputTokens: 0, confidence: 'estimate' },
    })
    await print(item('i1', 'The sea is wide.'), item('i2', 'The sea is deep.'), item('i2', 'The sea is deep.'))
    expect((await meter.look()).usage).toMatchObject({ inputTokens: 7, outputTokens: 10, cacheReadTokens: 12 })
    await print({ type: 'turn.completed', usage: { input_tokens: 30_000, cached_input_tokens: 20_000, output_tokens: 40 } })
    expect((await meter.look()).usage).toMatchObject({ inputTokens: 10_000, confidence: 'exact' })
  })

  it('knows nothing of what a program without a model uses', async () => {
    await print('echo\n')
    expect((await meterOf(bundled.get('cli')).look()).usage).toBeNull()
  })

  it('reads the lines in which a program tells its tokens', async () => {
    const meter = meterOf(bundled.get('aider'))
    await print('I changed page.md.\n')
    expect(await meter.look()).toMatchObject({ source: 'live', usage: { confidence: 'estimate' } })
    await print('Tokens: 2.3k sent, 120 received. Cost: $0.01 message, $0.01 session.\n')
    expect((await meter.look()).usage).toMatchObject({ inputTokens: 2300, costUsd: 0.01, confidence: 'reported' })
  })
})

describe('figures that break off', () => {
  const unreadable = () => ({ type: 'assistant', message: { id: 'm', content: [] } })

  it('are told when they cannot be read, since the last that could, until they can be again', async () => {
    const meter = meterOf(claude)
    await print(message('m1', 10, 5))
    await meter.look()
    const since = now
    now += minutes
    await print(unreadable(), unreadable(), unreadable())
    expect((await meter.look()).brokenSince).toBe(since)
    await print(message('m2', 10, 5))
    expect((await meter.look()).brokenSince).toBeNull()
  })

  it('are told when it prints on for ten minutes and never told any', async () => {
    const meter = meterOf(claude)
    const since = now
    for (let minute = 0; minute < 10; minute++) {
      await print({ type: 'other', text: 'on and on' })
      expect((await meter.look()).brokenSince).toBeNull()
      now += minutes
    }
    await print({ type: 'other', text: 'on and on' })
    expect((await meter.look()).brokenSince).toBe(since)
  })

  it('are not told of a long tool that prints little, nor of one that stood still for a night', async () => {
    const meter = meterOf(claude)
    await print(message('m1', 10, 5))
    for (let minute = 0; minute < 60; minute++) {
      now += minutes
      await print({ type: 'tool_progress', elapsed_time_seconds: 60 * minute })
      expect((await meter.look()).brokenSince).toBeNull()
    }
    const frozen = meterOf(claude)
    await frozen.look()
    now += 600 * minutes
    await print({ type: 'other' })
    expect((await frozen.look()).brokenSince).toBeNull()
  })

  it('are told when the output is gone', async () => {
    const meter = meterOf(claude)
    await print(message('m1', 10, 5))
    await meter.look()
    await rm(join(folder, 'stdout'))
    expect(await meter.look()).toMatchObject({ brokenSince: now, usage: { inputTokens: 10 } })
  })
})
