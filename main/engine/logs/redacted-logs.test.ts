import { describe, expect, it } from 'vitest'
import { createRedactor } from '../redaction/redactor.ts'
import { shownHit } from './hit.ts'
import type { LogReader } from './log-window.ts'
import { redactedLogs } from './redacted-logs.ts'

const body = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'
const key = ['-----BEGIN PRIVATE KEY-----', ...Array.from({ length: 60 }, () => body), '-----END PRIVATE KEY-----']
const redactor = createRedactor({ MY_TOKEN: 'plainly-secret' })

const logOf = (lines: readonly string[]): LogReader => ({
  window: async (_, from, count) => {
    const first = Math.max(1, from < 0 ? lines.length + from + 1 : from)
    const shown = lines.slice(first - 1, first - 1 + count)
    return { from: first, lines: shown, totalLines: lines.length, sizeBytes: 0, removedAt: null, isGone: false }
  },
})

describe('a window of a log', () => {
  const lines = ['first', ...key, 'it is plainly-secret', 'last']
  const logs = redactedLogs(logOf(lines), redactor)

  it('shows no secrets, and every line where it is', async () => {
    const whole = await logs.window('', 1, 1000)
    expect(whole).toMatchObject({ from: 1, totalLines: 65 })
    expect(whole.lines).toEqual(['first', ...key.map(() => '[REDACTED]'), 'it is [REDACTED]', 'last'])
  })

  it('shows the same wherever it begins, and as many lines as asked for', async () => {
    const { lines: all } = await logs.window('', 1, 1000)
    for (const from of [1, 2, 20, 62, 64, 65, 66]) {
      expect(await logs.window('', from, 3)).toMatchObject({ from, lines: all.slice(from - 1, from + 2) })
    }
    expect(await logs.window('', -30, 10)).toMatchObject({ from: 36, lines: all.slice(35, 45) })
    expect(await logs.window('', -500, 5)).toMatchObject({ from: 1, lines: all.slice(0, 5) })
  })

  it('is gone through in pieces when it is long', async () => {
    const long = Array.from({ length: 200 }, (_, index) => (index % 2 ? `${'x '.repeat(4000)}plainly-secret` : 'short'))
    const { lines: shown } = await redactedLogs(logOf(long), redactor).window('', 1, 200)
    expect(shown).toEqual(long.map((line) => line.replace('plainly-secret', '[REDACTED]')))
  })
})

describe('a hit of a search', () => {
  const hitIn = (text: string, found: string, rest: { before?: string; isCut?: boolean } = {}) => {
    const start = text.indexOf(found)
    return shownHit(
      { line: 1, column: start + 1, before: '', isCut: false, text, start, end: start + found.length, ...rest },
      redactor.secretsIn,
    )
  }
  const marked = ({ text, start, end }: ReturnType<typeof hitIn>) =>
    `${text.slice(0, start)}<${text.slice(start, end)}>${text.slice(end)}`

  it('is shown among secrets, which are not', () => {
    expect(marked(hitIn('a plainly-secret b plainly-secret c', 'b'))).toBe('a [REDACTED] <b> [REDACTED] c')
  })

  it('within a secret shows where it is, not what', () => {
    expect(marked(hitIn('a plainly-secret b', 'secr'))).toBe('a <[REDACTED]> b')
    expect(marked(hitIn(body, 'D4', { before: `${key[0]}\n${body}\n` }))).toBe('<[REDACTED]>')
  })

  it('shows no half of a secret at the border of what is shown', () => {
    const text = `plainly-secret${' '.repeat(75)}hit${' '.repeat(210)}plainly-secret`
    expect(hitIn(text, 'hit').text).toBe(`[REDACTED]${' '.repeat(75)}hit${' '.repeat(210)}[REDACTED]`)
    expect(hitIn('hit plainly-sec', 'hit', { isCut: true }).text).toBe('hit [REDACTED]')
  })
})
