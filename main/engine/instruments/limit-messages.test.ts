import { describe, expect, it } from 'vitest'
import { bundled, verdictOf } from '../../../test/support/claude-output.ts'
import { finalErrors } from '../../../test/support/limit-tables.ts'

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString().replace('.000', ''))

describe.each(Object.entries(finalErrors))('the last words of %s before it failed', (name, { limits, others }) => {
  const verdict = (text: string) => verdictOf({ stderr: `${text}\n`, exit: 1 }, bundled.get(name))

  it.each(limits)('tell a limit: %s', async (text, code, resetAt) => {
    const found = await verdict(text)
    expect(found.kind === 'rate_limited' ? [found.code, iso(found.resetAt)] : found).toEqual([code, resetAt])
  })

  it.each(others)('tell something else: %s', async (text, code) => {
    expect(await verdict(text)).toMatchObject({ kind: 'failed', error: { code } })
  })
})
