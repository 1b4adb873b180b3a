import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findPriceIn } from './find-price.ts'
import { readPrices } from './price-table.ts'

const price = (input: number) => ({ input, output: input * 5 })

describe('finding the price of a model', () => {
  const find = findPriceIn({
    'claude-sonnet-4-5': price(3),
    'claude-sonnet-4': price(4),
    'gpt-5': price(1),
    'gpt-5.1-codex': price(2),
    'local/*': price(0),
    'local/big*': price(7),
  })

  it.each([
    ['claude-sonnet-4-5', 3],
    ['claude-sonnet-4-5-20250929', 3],
    ['claude-sonnet-4-5-20250929[1m]', 3],
    ['openrouter/anthropic/Claude-Sonnet-4.5', 3],
    ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 3],
    ['claude-sonnet-4-5@20250929', 3],
    ['claude-sonnet-4-20250514', 4],
    ['gpt-5-2025-08-07', 1],
    ['openai/gpt-5.1-codex', 2],
    ['local/small', 0],
    ['local/big-one', 7],
  ])('knows %s', (name, input) => expect(find(name)?.input).toBe(input))

  it.each(['gpt-5.9', 'gpt-5-mini', 'claude-sonnet-4-6', 'sonnet', ''])('does not guess the one of %s', (name) =>
    expect(find(name)).toBeNull(),
  )
})

describe('the bundled prices', () => {
  const { date, note, models, problems } = readPrices(readFileSync('assets/prices.json', 'utf8'))

  it('are dated and whole, and cache reads cost no more than fresh input', () => {
    expect(date).toMatch(/^20\d\d-\d\d-\d\d$/)
    expect(note).not.toBe('')
    expect(problems).toEqual([])
    for (const [name, { input, output, cacheRead = 0, cacheWrite = input }] of Object.entries(models)) {
      expect(cacheRead <= input && input <= cacheWrite && input <= output, name).toBe(true)
    }
  })

  it('find every model they name', () => {
    const find = findPriceIn(models)
    for (const [name, price] of Object.entries(models)) expect(find(name), name).toEqual(price)
  })
})
