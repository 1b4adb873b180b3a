import { describe, expect, it } from 'vitest'
import { read } from '../../../test/support/claude-output.ts'
import { instrumentProfile } from './profile.ts'

const agent = (output: object, more: object = {}) =>
  instrumentProfile.parse({ name: 'agent', cli: { command: { executable: 'agent' }, output }, ...more })

const usage = { input_tokens_path: 'usage.in', output_tokens_path: 'usage.out', cache_read_tokens_path: 'usage.read' }
const one = { format: 'json', result_path: 'text', ...usage }
const stream = { format: 'jsonl', completion_event_type: 'end', result_path: 'text', ...usage }
const prices = { cost_per_1k_input: 0.003, cost_per_1k_output: 0.015 }

describe('the cost of an attempt', () => {
  const models = [{ name: 'large', ...prices, cost_per_1k_cache_read: 0.0003 }, { name: 'plain', ...prices }, { name: 'free' }]
  const stdout = [{ text: 'Done.', usage: { in: 2000, out: 100, read: 10_000 }, cost: 0.5 }]
  const costOf = async (more: object, output: object = one) => (await read({ stdout }, agent(output, more))).usage?.costUsd

  it('follows from the model’s prices', async () => {
    expect(await costOf({ models, default_model: 'large' })).toBeCloseTo(0.006 + 0.0015 + 0.003)
  })

  it('counts cached tokens as fresh ones where they have no price, so that no budget is overdrawn', async () => {
    expect(await costOf({ models, default_model: 'plain' })).toBeCloseTo(0.006 + 0.0015 + 0.03)
  })

  it('is what the program says, where it says something', async () => {
    expect(await costOf({ models, default_model: 'large' }, { ...one, cost_path: 'cost' })).toBe(0.5)
  })

  it('is unknown without a model, or with one that has no price', async () => {
    expect(await costOf({ models })).toBeNull()
    expect(await costOf({ models, default_model: 'free' })).toBeNull()
    expect(await costOf({ models, default_model: 'other' })).toBeNull()
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
    expect((await read({ stdout }, agent({ ...stream, usage_event_type: 'end' }))).usage).toBeNull()
  })

  it('are fresh ones, also where the program counts cached ones twice', async () => {
    const { usage } = await read({ stdout }, agent({ ...stream, input_includes_cache: true }))
    expect(usage).toMatchObject({ inputTokens: 15, cacheReadTokens: 5 })
  })
})
