import { describe, expect, it } from 'vitest'
import { effectiveConfig, readDocument } from './effective.ts'
import { completeScore, parseScore } from './parse.ts'

const text = `name: demo
sheet: { size: 1, total_items: 2, per_sheet_instrument_config: { 2: { timeout_seconds: 7 } } }
retry: { max_retries: 1 }
instrument_config: { model: m }
prompt: { template: hi, variables: { list: [a] } }
`

function effective(given: { workspace?: boolean } = {}) {
  const { draft } = parseScore(text, { file: '/a.yaml', directory: '/', home: '/h' })
  const score = draft && completeScore(draft, null).score
  if (!score) throw new Error('the score was refused')
  return effectiveConfig(score, readDocument(text), given)
}

describe('effectiveConfig', () => {
  it('tells of every value whether the score or a default gave it', () => {
    const values = new Map(effective().values.map(({ path, value, origin }) => [path, `${origin} ${JSON.stringify(value)}`]))
    expect(values.get('retry.max_retries')).toBe('score 1')
    expect(values.get('retry.base_delay_seconds')).toBe('default 10')
    expect(values.get('prompt.variables.list[0]')).toBe('score "a"')
    expect(values.get('validations')).toBe('default []')
    expect(values.get('instrument')).toBe('default "claude-code"')
  })
  it('tells of a workspace that was given beside the score', () => {
    const origin = (given: { workspace?: boolean }) => effective(given).values.find(({ path }) => path === 'workspace')?.origin
    expect([{}, { workspace: true }].map(origin)).toEqual(['default', 'option'])
  })
  it('tells for each sheet what it is played on, and who said so', () => {
    expect(effective().sheets).toEqual([
      {
        number: 1,
        instrument: { value: 'claude-code', origin: 'default' },
        model: { value: 'm', origin: 'score' },
        timeoutSeconds: { value: null, origin: 'default' },
      },
      {
        number: 2,
        instrument: { value: 'claude-code', origin: 'default' },
        model: { value: 'm', origin: 'score' },
        timeoutSeconds: { value: 7, origin: 'sheet' },
      },
    ])
  })
})
