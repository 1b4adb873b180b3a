import { performance } from 'node:perf_hooks'
import { describe, expect, it } from 'vitest'
import { countTokens } from './count-tokens.ts'
import { roughTokens } from './rough-tokens.ts'

describe('the tokens of a text', () => {
  it('are those of a real tokenizer, in words, in code and where each character is a word', async () => {
    expect(await countTokens('Pause at the next boundary, then go on.')).toBe(10)
    expect(await countTokens('for (const x of xs) { sum += x }\n')).toBe(12)
    // By the characters of other languages it would be a third of that.
    expect(await countTokens('休符記号の上に書かれる延長記号')).toBeGreaterThan(9)
    expect(await countTokens('')).toBe(0)
  })

  it('count what looks like a token for machines as text', async () => {
    expect(await countTokens('a <|endoftext|> b')).toBeGreaterThan(3)
  })

  it('of a long text are the sum of its lines', async () => {
    const line = 'A line of words, and a number: 12345.\n'
    expect(await countTokens(line.repeat(5000))).toBe(5000 * (await countTokens(line)))
  })

  it('of a text without a single break are there soon, and nothing waits for them', async () => {
    let turns = 0
    const turning = setInterval(() => turns++, 1)
    const begun = performance.now()
    await countTokens('音'.repeat(100_000))
    clearInterval(turning)
    expect(performance.now() - begun).toBeLessThan(10_000)
    expect(turns).toBeGreaterThan(10)
  })

  it('are guessed by the characters where there is no tokenizer', () => {
    expect(roughTokens('x'.repeat(35))).toBe(10)
    expect(roughTokens('音楽'.repeat(5))).toBe(10)
  })
})
