import { describe, expect, it } from 'vitest'
import { parseScore } from '../parse.ts'

const read = (rest: string, sheet = 'size: 1, total_items: 1') => {
  const text = `name: a\nsheet: { ${sheet} }\nprompt: { template: x }\n${rest}\n`
  const { draft, diagnostics } = parseScore(text, { file: '/a.yaml', directory: '/', home: '/h' })
  return { draft, errors: diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message) }
}

describe('a value in the words of older YAML', () => {
  it.each([
    ['yes', true],
    ['On', true],
    ['"TRUE"', true],
    ['no', false],
    ['OFF', false],
    ['False', false],
  ])('%s is %s where that is wanted', (word, value) => {
    const { draft } = read(`retry: { jitter: ${word} }\ncost_limits: { enabled: ${word}, max_cost_per_job: 1 }`)
    expect([draft?.retry.jitter, draft?.cost_limits.enabled]).toEqual([value, value])
  })
  it('is a word where a text is wanted', () => {
    expect(read('description: yes').draft?.description).toBe('yes')
    expect(read('instrument_config: { mood: on }').draft?.instrument_config).toMatchObject({ mood: 'on' })
  })
  it.each(['ja', 'constructor', '1', '[]'])('is refused when it is neither: %s', (word) => {
    expect(read(`retry: { jitter: ${word} }`).errors).toEqual([
      expect.stringMatching(/^`retry.jitter` must be true or false, not .+\.$/),
    ])
  })
  it('may turn on what cannot be turned off', () => {
    expect(read('parallel: { enabled: yes, budget_partition: on }').draft?.parallel).toMatchObject({ enabled: true })
    expect(read('parallel: { budget_partition: off }').errors).toEqual(['`parallel.budget_partition` must be true, not "off".'])
  })
})

describe('a number in quotes', () => {
  it('is the number', () => {
    const { draft } = read(
      'retry: { base_delay_seconds: "1.5", max_retries: "2" }',
      'size: "1", total_items: "3", fan_out: { 2: "2" }',
    )
    expect(draft).toMatchObject({
      sheet: { size: 1, total_items: 3, fan_out: { 2: 2 } },
      retry: { base_delay_seconds: 1.5, max_retries: 2 },
    })
  })
  it.each([
    ['""', 'a whole number of 1 or more, not ""'],
    ['" 1"', 'a whole number of 1 or more, not " 1"'],
    ['"0x1"', 'a whole number of 1 or more, not "0x1"'],
    ['"1.5"', 'a whole number of 1 or more, not "1.5"'],
    ['"0"', 'a whole number of 1 or more, not "0"'],
    ['"99999999999999999999"', 'a whole number of 1 or more, not "99999999999999999999"'],
    ['true', 'a whole number of 1 or more, not true'],
  ])('is refused when it is no plain one that fits: %s', (size, message) => {
    const { errors } = read('', `size: ${size}, total_items: 3`)
    expect(errors).toEqual([`\`sheet.size\` must be ${message}.`])
  })
  it('that is missing is told as missing', () => {
    expect(read('', 'total_items: 3').errors).toEqual(['`sheet.size` is missing.'])
  })
})
