import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completeScore, parseScore } from '../../../main/engine/score/parse.ts'
import { printScore } from '../../../main/engine/score/print.ts'
import type { Score } from '../../../main/engine/score/score.ts'

function read(text: string, template: string | null = null): Score {
  const { draft, diagnostics } = parseScore(text, { file: '/scores/a.yaml', directory: '/scores', home: '/h' })
  const score = draft && completeScore(draft, template).score
  if (!score) throw new Error(`refused: ${JSON.stringify(diagnostics)}\n${text}`)
  return score
}

const good = { name: 'a', sheet: { size: 1, total_items: 4 }, prompt: { template: 'x' } }

/** Texts as YAML files may hold them. */
const text = fc.oneof(
  fc.string().filter((value) => !/[\0\ufffd]/.test(value) && value !== '__proto__'),
  fc.constantFrom(
    '<<',
    '~',
    'null',
    'true',
    'no',
    '1',
    '1.0',
    '0x10',
    '- a',
    '# a',
    ' a ',
    'a\n',
    '\na',
    '  a\n b\n\n',
    '{',
    "'",
    '"',
    '&a',
    '*a',
    '!a',
    'a: b',
    '',
    '|',
    '\t',
    '=',
    '\u2028',
    '\x85',
    '\r\n',
  ),
)
const seconds = fc.integer({ min: 1, max: 10_000 })
const byNumber = <Value>(value: fc.Arbitrary<Value>) => fc.dictionary(fc.constantFrom('1', '2', '4'), value)
const word = fc.stringMatching(/^[a-z]{1,8}$/)
const value = fc.jsonValue({ maxDepth: 3 }).filter((one) => !/__proto__|\\u0000|\ufffd|\d{16}/.test(JSON.stringify(one)))
/** Whole numbers too large to be exact are refused, unless they are written as floats. */
const float = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((one) => !Number.isInteger(one) || Number.isSafeInteger(one) || Math.abs(one) >= 1e21)
const variables = fc.dictionary(text, fc.oneof(text, value, float, fc.dictionary(text, fc.integer())))
const config = fc.record(
  { model: text.filter((one) => one.trim() !== ''), timeout_seconds: seconds, other: value },
  { requiredKeys: [] },
)

const anyScore = fc.record(
  {
    description: text,
    instrument: word,
    instrument_config: config,
    instrument_fallbacks: fc.array(word),
    movements: byNumber(
      fc.record(
        { name: word, instrument_config: config, instrument_fallbacks: fc.array(word), voices: fc.constant(1) },
        { requiredKeys: [] },
      ),
    ),
    retry: fc.record(
      {
        max_retries: fc.integer({ min: 0, max: 9 }),
        jitter: fc.boolean(),
        base_delay_seconds: fc.double({ min: 0, max: 9, noNaN: true }),
      },
      { requiredKeys: [] },
    ),
    backend: fc.record({ cli_model: word, timeout_overrides: byNumber(seconds) }, { requiredKeys: [] }),
    validations: fc.array(
      fc.record({
        type: fc.constant('file_exists'),
        path: text.filter((one) => one.trim() !== ''),
        stage: fc.integer({ min: 1, max: 10 }),
      }),
    ),
    cross_sheet: fc.record({ auto_capture_stdout: fc.boolean() }, { requiredKeys: [] }),
    learning: fc.record({ past_failures: fc.boolean(), other: value }, { requiredKeys: [] }),
    sheet: fc.record(
      {
        descriptions: byNumber(text),
        per_sheet_fallbacks: byNumber(fc.array(word)),
        per_sheet_instrument_config: byNumber(config),
      },
      { requiredKeys: [] },
    ),
    prompt: fc.record({ variables, stakes: text }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
)

describe('printScore', () => {
  it('writes what reads as the same score, whatever is in it', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(anyScore, ({ sheet, prompt, ...rest }) => {
        const given = { ...good, ...rest, sheet: { ...good.sheet, ...sheet }, prompt: { ...good.prompt, ...prompt } }
        const score = read(JSON.stringify(given))
        const printed = printScore(score)
        expect(read(printed)).toEqual(score)
        expect(printScore(read(printed))).toBe(printed)
      }),
      { numRuns: 60 },
    )
  })
  it('keeps floats, kinds and order of keys of variables', () => {
    const source = `name: a\nsheet: { size: 1, total_items: 1 }\nprompt:\n  template: x\n  variables: { f: 384.0, g: 1e300, m: { 2: two, 1: one, "3": text, true: yes, ~: 0, 1.5: half, "<<": no } }\n`
    const score = read(source)
    expect(read(printScore(score))).toEqual(score)
    expect(printScore(score)).toContain('f: 384.0')
  })
  it('leaves out defaults, and the text of a template that has its file', () => {
    const score = read(
      'name: a\nsheet: { size: 1, total_items: 1, start_item: 1 }\nretry: { max_retries: 3 }\nprompt: { template_file: t.j2 }\n',
      'text',
    )
    const printed = printScore(score)
    expect(printed).toBe(
      'name: a\nworkspace: /scores/workspace\ninstrument: claude-code\nsheet:\n  size: 1\n  total_items: 1\nprompt:\n  template_file: /scores/t.j2\n',
    )
    expect(read(printed, 'text')).toEqual(score)
  })
})
