import { describe, expect, it } from 'vitest'
import { checkPromptSize, estimateTokens } from './tokens.ts'

describe('the size of a prompt', () => {
  it('is estimated by its letters, and by its characters where each is a word', () => {
    expect(estimateTokens('x'.repeat(35))).toBe(10)
    expect(estimateTokens('音楽'.repeat(5))).toBe(10)
    expect(estimateTokens('')).toBe(0)
  })

  it('is refused over the one threshold and warned of over the other; 0 switches them off (case 11)', () => {
    const prompt = 'x'.repeat(3500)
    expect(() => checkPromptSize(prompt, { warning: 10, error: 999 })).toThrow(
      expect.objectContaining({ code: 'PREFLIGHT_TOKENS' }),
    )
    expect(checkPromptSize(prompt, { warning: 999, error: 1000 })).toMatch(/about 1000 tokens/)
    expect(checkPromptSize(prompt, { warning: 1000, error: 0 })).toBeNull()
    expect(checkPromptSize(prompt, { warning: 0, error: 0 })).toBeNull()
  })
})
