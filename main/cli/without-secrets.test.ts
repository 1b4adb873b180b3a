import { describe, expect, it } from 'vitest'
import { createRedactor } from '../engine/index.ts'
import { withoutSecrets } from './without-secrets.ts'

const { redact } = createRedactor({ MY_TOKEN: 'plainly "secret"' })

function written(text: string, json: boolean): string {
  const lines: string[] = []
  withoutSecrets({ write: (line) => lines.push(line) }, redact, json).write(text)
  return lines.join('')
}

describe('what the command line writes', () => {
  it('holds no secrets', () => {
    expect(written('it said plainly "secret"\n', false)).toBe('it said [REDACTED]\n')
  })

  it('holds none as JSON either, and stays JSON', () => {
    const record = { message: 'it said API_KEY="hunter two", \\"x', nested: [{ password: 'plainly "secret" here' }], count: 2 }
    expect(JSON.parse(written(`${JSON.stringify(record, null, 2)}\n`, true))).toEqual({
      message: 'it said API_KEY=[REDACTED], \\"x',
      nested: [{ password: '[REDACTED] here' }],
      count: 2,
    })
  })
})
