import { describe, expect, it } from 'vitest'
import { matches } from '../../../main/engine/running/validations/match.ts'

describe('a pattern', () => {
  const never = new AbortController().signal

  it('is searched in the whole text', async () => {
    expect(await matches('^done$', 'begun\ndone\n', never)).toBe(true)
    expect(await matches('^done$', 'undone', never)).toBe(false)
  })

  it('that would take years is given up when nobody waits for it any more', async () => {
    const waiting = new AbortController()
    const answer = matches('^(\\w+\\s?)*$', `${'word '.repeat(40)}!`, waiting.signal)
    waiting.abort()
    expect(await answer).toBeNull()
  })

  it('that would take years holds up nobody else, and is given up after 5 s', async () => {
    const answer = matches('^(\\w+\\s?)*$', `${'word '.repeat(40)}!`, never)
    expect(await matches('b', 'abc', never)).toBe(true)
    expect(await answer).toBeNull()
  }, 20_000)
})
