import { describe, expect, it } from 'vitest'
import { read } from '../../../test/support/claude-output.ts'
import { instrumentProfile } from './profile.ts'
import type { Price } from './usage.ts'

const agent = (output: object, more: object = {}) =>
  instrumentProfile.parse({ name: 'agent', cli: { command: { executable: 'agent' }, output }, ...more })

const usage = { input_tokens_path: 'usage.in', output_tokens_path: 'usage.out', cache_read_tokens_path: 'usage.read' }
const one = { format: 'json', result_path: 'text', ...usage }
const stream = { format: 'jsonl', completion_event_type: 'end', result_path: 'text', ...usage }
describe('the cost of an attempt', () => {
  const stdout = [{ text: 'Done.', usage: { in: 2000, out: 100, read: 10_000 }, cost: 0.5 }]
  const price: Price = (usage, model) => ({ ...usage, costUsd: usage.costUsd ?? (model === 'large' ? 7 : null) })
  const costOf = async (output: object, more: object = {}) =>
    (await read({ stdout }, agent(output, more), { price })).usage?.costUsd

  it('is what the program says', async () => {
    expect(await costOf({ ...one, cost_path: 'cost' }, { default_model: 'large' })).toBe(0.5)
  })

  it('is what the model costs where the program says nothing: the one it names, else the one that was asked for', async () => {
    expect(await costOf(one, { default_model: 'large' })).toBe(7)
    expect(await costOf(one)).toBeNull()
    expect(await costOf({ ...one, model_path: 'model' }, { default_model: 'large' })).toBe(7)
    const named = [{ ...stdout[0], model: 'small' }]
    const { usage } = await read({ stdout: named }, agent({ ...one, model_path: 'model' }, { default_model: 'large' }), { price })
    expect(usage?.costUsd).toBeNull()
  })

  it('is that of every model for itself where the program tells them apart', async () => {
    const models = { large: { tokens: { in: 10 } }, small: { tokens: { in: 20 } } }
    const seen: [string | null, number][] = []
    const noting: Price = (usage, model) => {
      seen.push([model, usage.inputTokens])
      return { ...usage, costUsd: 1 }
    }
    const output = { ...one, input_tokens_path: 'stats.models.*.tokens.in', usage_by_model_path: 'stats.models' }
    const { usage } = await read({ stdout: [{ text: 'Done.', stats: { models } }] }, agent(output), { price: noting })
    expect(seen).toEqual([
      ['large', 10],
      ['small', 20],
    ])
    expect(usage).toMatchObject({ inputTokens: 30, costUsd: 2 })
  })
})

describe('the tokens of events', () => {
  const stdout = [
    { type: 'step', usage: { in: 10, out: 1 } },
    { type: 'step', usage: { in: 20, out: 2, read: 5 } },
    { type: 'end', text: 'Done.' },
  ]

  it('are those of the last event that has some', async () => {
    expect((await read({ stdout }, agent(stream))).usage).toMatchObject({ inputTokens: 20, outputTokens: 2, cacheReadTokens: 5 })
  })

  it('are added up when each counts for itself', async () => {
    const { usage } = await read({ stdout }, agent({ ...stream, aggregate_tokens: true }))
    expect(usage).toMatchObject({ inputTokens: 30, outputTokens: 3, cacheReadTokens: 5 })
  })

  it('are looked for in the events the profile names', async () => {
    expect((await read({ stdout }, agent({ ...stream, usage_event_type: 'end' }))).usage).toMatchObject({
      confidence: 'estimate',
    })
  })

  it('are fresh ones, also where the program counts cached ones twice', async () => {
    const { usage } = await read({ stdout }, agent({ ...stream, input_includes_cache: true }))
    expect(usage).toMatchObject({ inputTokens: 15, cacheReadTokens: 5 })
  })
})
