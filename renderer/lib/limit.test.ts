import { describe, expect, it } from 'vitest'
import type { LimitWait } from '../../preload/contract.ts'
import { formatCountdown, waitSentence, waitWords } from './limit.ts'

const MIN = 60_000
const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const LIMIT: LimitWait = {
  instrument: 'claude-code',
  model: null,
  cause: 'rate_limit',
  until: 23 * MIN + 4_000,
  mode: 'at_reset',
}

describe('a countdown', () => {
  it.each([
    [0, '0 s'],
    [1, '1 s'],
    [9_000, '9 s'],
    [59_001, '1 min 00 s'],
    [23 * MIN + 4_000, '23 min 04 s'],
    [59 * MIN + 59_500, '1 h'],
    [72 * MIN, '1 h 12 min'],
    [50 * 60 * MIN, '2 d 2 h'],
    [-5, '0 s'],
  ])('of %i ms is %s', (ms, text) => expect(plain(formatCountdown(ms))).toBe(text))
})

describe('a wait for an instrument', () => {
  it.each([
    [LIMIT, 'claude-code: limit ends in 23 min 04 s'],
    [{ ...LIMIT, model: 'opus' }, 'claude-code (opus): limit ends in 23 min 04 s'],
    [{ ...LIMIT, until: 0 }, 'claude-code: limit ends any moment'],
    [{ ...LIMIT, until: null, mode: 'never' }, 'claude-code: limit, waits for you'],
    [{ ...LIMIT, cause: 'rest' }, 'claude-code is tried again in 23 min 04 s'],
    [{ ...LIMIT, cause: 'login', until: null }, 'claude-code needs a login'],
  ] as const)('is told in a few words', (wait, words) => expect(plain(waitWords(wait, 0))).toBe(words))

  it('is told in a sentence that says what ends it', () => {
    expect(plain(waitSentence(LIMIT, 0))).toMatch(/its sheets go on in 23 min 04 s \(.*\d\d:\d\d\)\.$/)
    expect(waitSentence({ ...LIMIT, until: null, mode: 'never' }, 0)).toMatch(/until you let them go on\.$/)
  })
})
