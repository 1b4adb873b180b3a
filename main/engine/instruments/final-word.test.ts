import { describe, expect, it } from 'vitest'
import { read, result } from '../../../test/support/claude-output.ts'

describe('the tokens of a result', () => {
  it.each([
    ['a fraction', 12.6, 13],
    ['more than can be counted', 1e300, Number.MAX_SAFE_INTEGER],
    ['less than nothing', -3, 0],
    ['words', 'a dozen', 0],
  ])('are whole and can be stored where the program says %s', async (_, said, kept) => {
    const usage = { input_tokens: said, output_tokens: said, cache_read_input_tokens: said, cache_creation_input_tokens: said }
    const counts = { inputTokens: kept, outputTokens: kept, cacheReadTokens: kept, cacheWriteTokens: kept }
    expect((await read({ stdout: [result('Done.', { usage })] })).usage).toMatchObject({ ...counts, costUsd: 0.1234 })
  })
})
