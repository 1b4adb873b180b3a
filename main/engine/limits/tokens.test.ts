import { describe, expect, it } from 'vitest'
import { checkPromptSize } from './tokens.ts'

describe('the size of a prompt', () => {
  it('is refused over the one threshold and warned of over the other; 0 switches them off (case 11)', async () => {
    const prompt = 'word '.repeat(1000)
    await expect(checkPromptSize(prompt, { warning: 10, error: 999 })).rejects.toMatchObject({ code: 'PREFLIGHT_TOKENS' })
    expect(await checkPromptSize(prompt, { warning: 999, error: 5000 })).toMatch(/about 100[01] tokens/)
    expect(await checkPromptSize(prompt, { warning: 1100, error: 0 })).toBeNull()
    expect(await checkPromptSize(prompt, { warning: 0, error: 0 })).toBeNull()
  })
})
