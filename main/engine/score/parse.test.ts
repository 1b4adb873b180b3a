import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Section, UNBUILT_KEYS } from './language.ts'
import { completeScore, parseScore } from './parse.ts'
import { renderTemplate } from './template.ts'

const location = { file: '/scores/a.yaml', directory: '/scores', home: '/home/ada' }
const parse = (text: string) => parseScore(text, location)

/** What is found, in the form `line:column code message → remedy`. */
function findings(text: string): string[] {
  return parse(text).diagnostics.map(
    ({ line, column, code, message, remedy }) => `${line}:${column} ${code} ${message} → ${remedy ?? ''}`,
  )
}

const good = `name: demo
instrument: cli
sheet: { size: 5, total_items: 12 }
prompt:
  template: Hello {{ sheet_num }}
`

describe('parseScore', () => {
  it('fills in every default', () => {
    expect(parse(good)).toEqual({
      diagnostics: [],
      draft: {
        file: '/scores/a.yaml',
        name: 'demo',
        description: null,
        workspace: '/scores/workspace',
        instrument: 'cli',
        sheet: { size: 5, totalItems: 12 },
        prompt: { template: 'Hello {{ sheet_num }}', templateFile: null, variables: {} },
        retry: { maxRetries: 3, baseDelaySeconds: 10, maxDelaySeconds: 3600, exponentialBase: 2, jitter: true },
        validations: [],
      },
    })
  })

  it('reads all five kinds of check', () => {
    const { draft } = parse(`${good}validations:
  - { type: file_exists, path: 'a-{sheet_num}.md', description: there, retry_count: 0, retry_delay_ms: 5 }
  - { type: file_modified, path: b }
  - { type: content_contains, path: c, pattern: text }
  - { type: content_regex, path: d, pattern: '^#\\s+' }
  - { type: command_succeeds, command: 'true', working_directory: sub, timeout_seconds: 1.5 }
`)
    const base = { description: null, retryCount: 3, retryDelayMs: 200 }
    expect(draft?.validations).toEqual([
      { type: 'file_exists', path: 'a-{sheet_num}.md', description: 'there', retryCount: 0, retryDelayMs: 5, line: 7 },
      { ...base, type: 'file_modified', path: 'b', line: 8 },
      { ...base, type: 'content_contains', path: 'c', pattern: 'text', line: 9 },
      { ...base, type: 'content_regex', path: 'd', pattern: '^#\\s+', line: 10 },
      { ...base, type: 'command_succeeds', command: 'true', workingDirectory: 'sub', timeoutSeconds: 1.5, line: 11 },
    ])
  })

  it('resolves paths against the folder of the score and the home folder', () => {
    const { draft } = parse(good.replace('template: Hello {{ sheet_num }}', 'template_file: ../t.j2\nworkspace: ~/work'))
    expect(draft).toMatchObject({ workspace: '/home/ada/work', prompt: { template: null, templateFile: '/t.j2' } })
  })

  it('keeps floats, integer keys and the order of keys for the template, through JSON', () => {
    const { draft } = parse(`${good}  variables:
    width: 384.0
    base: &base { z: 1.50, x: 0 }
    merged: { <<: *base, 2: two, 1: one }
`)
    const stored: Record<string, unknown> = JSON.parse(JSON.stringify(draft?.prompt.variables))
    expect(renderTemplate('{{ width }} {{ merged }} {{ merged[2] }}', stored)).toBe(
      "384.0 {'z': 1.5, 'x': 0, 2: 'two', 1: 'one'} two",
    )
  })

  it('reports every error at once, each at its place and with what to do', () => {
    const text = `name: 1
instrumnt: cli
workspce: x
sheet: { size: 0, total_items: abc, sise: 3 }
prompt:
  template: "x {{ a"
  template_file: y
retry: { jitter: yes, max_retries: -1 }
validations:
  - type: file_exist
    path: a
  - path: a
  - type: content_regex
    path: 'a{{ x }}'
    pattern: '('
  - type: file_exists
    command: x
    pth: q
    path: b
  - 3
  - type: command_succeeds
    timeout_seconds: 0
`
    expect(parse(text).draft).toBeNull()
    expect(findings(text)).toEqual([
      '1:1 KEY_MISSING `instrument` is missing. → Add `instrument: rehearsal` to try without an account, `instrument: cli` for shell commands, or `instrument: claude-code`.',
      '1:7 SCORE_VALUE `name` must be a text, not 1. → Put it in quotes.',
      '2:1 KEY_UNKNOWN `instrumnt` is not a key of the score language. → Did you mean `instrument`?',
      '3:1 KEY_UNKNOWN `workspce` is not a key of the score language. → Did you mean `workspace`?',
      '4:16 SCORE_VALUE `sheet.size` must be a whole number of 1 or more, not 0. → Write a whole number of 1 or more here.',
      '4:32 SCORE_VALUE `sheet.total_items` must be a whole number of 1 or more, not "abc". → Write a whole number of 1 or more here.',
      '4:37 KEY_UNKNOWN `sheet.sise` is not a key of the score language. → Did you mean `size`?',
      '6:16 V001 The template is not valid: `{{` is never closed by `}}`. → Correct the template at this place.',
      '7:3 V008 `prompt` has both `template` and `template_file`. → Keep one of the two.',
      '8:18 SCORE_VALUE `retry.jitter` must be true or false, not "yes". → Write true or false here.',
      '8:36 SCORE_VALUE `retry.max_retries` must be a whole number of 0 or more, not -1. → Write a whole number of 0 or more here.',
      '10:11 V008 `validations[0].type` must be a kind of check, not "file_exist". → Did you mean `file_exists`?',
      '12:5 V008 `validations[1]` does not say its `type`. → Add `type:` with one of `file_exists`, `file_modified`, `content_contains`, `content_regex` and `command_succeeds`.',
      '14:11 V201 `validations[2].path` has `{{ }}`, which only templates understand. → Write `{sheet_num}` with single brackets in paths.',
      '15:14 V007 `validations[2].pattern` is not a regular expression: unterminated group. → Correct the pattern; in YAML, single quotes keep backslashes.',
      '17:5 KEY_UNKNOWN `command` has no meaning in a `file_exists` check. → Remove it; a `file_exists` check has `type`, `path`, `description`, `retry_count` and `retry_delay_ms`.',
      '18:5 KEY_UNKNOWN `validations[3].pth` is not a key of the score language. → Did you mean `path`?',
      '20:5 SCORE_VALUE `validations[4]` must be a mapping with a `type`, not 3. → Write a mapping with a `type` here.',
      '21:5 V008 A `command_succeeds` check needs `command`. → Add `command:` to it.',
      '22:22 SCORE_VALUE `validations[5].timeout_seconds` must be a number above 0, not 0. → Write a number above 0 here.',
    ])
  })

  it.each(
    (Object.keys(UNBUILT_KEYS) as Section[]).flatMap((section) => UNBUILT_KEYS[section].map((key) => [section, key] as const)),
  )('refuses the unbuilt key %s.%s by name', (section, key) => {
    const at = {
      score: `${good}${key}: 1\n`,
      sheet: good.replace('total_items: 12', `total_items: 12, ${key}: 1`),
      prompt: `${good}  ${key}: 1\n`,
      retry: `${good}retry: { ${key}: 1 }\n`,
      validation: `${good}validations: [{ type: file_exists, path: a, ${key}: 1 }]\n`,
    }[section]
    const { draft, diagnostics } = parse(at)
    expect(draft).toBeNull()
    expect(diagnostics).toHaveLength(1)
    expect(diagnostics[0]).toMatchObject({ code: 'KEY_NOT_BUILT', severity: 'error' })
    expect(diagnostics[0]?.message).toContain(`${key}\` is part of the score language, but this version does not support it yet`)
  })

  it.each([
    ['', '1:1 YAML The score is empty.'],
    ['# only a comment\n', '1:1 YAML The score is empty.'],
    ['~', '1:1 YAML The score is empty.'],
    ['hello', '1:1 SCORE_SHAPE A score is a mapping'],
    ['- a\n- b', '1:1 SCORE_SHAPE A score is a mapping'],
    ['name: a\nname: b', '2:1 YAML This key is there twice.'],
    ['name: [', '1:8 YAML A list or mapping in brackets is never closed.'],
    ['name: "x', '1:9 YAML Something is missing here'],
    ['name: x\n\tb: 1', '2:1 YAML A tab cannot indent YAML.'],
    ['a: 1\n---\nb: 2', '3:1 YAML A score is one YAML document'],
    ['\0\u0001PNG', '1:1 YAML This is not a text file in UTF-8.'],
    ['name: \ufffd', '1:1 YAML This is not a text file in UTF-8.'],
    ['name: !!python/object x', '1:7 YAML A score knows no YAML tags'],
    ['name: *nope', '1:1 YAML The score repeats itself by aliases'],
    ['<<: 1', '1:1 YAML This is not valid YAML: Merge sources must be maps'],
    ['a: &a [*a, *a]', 'SCORE_VALUE This is nested too deeply.'],
    ['['.repeat(20_000), '1:1 YAML The score is nested too deeply.'],
    ['? [a]\n: b', 'SCORE_VALUE A key must be a word or a number'],
    [
      good.replace('total_items: 12', 'total_items: 5000000'),
      '3:32 SCORE_VALUE This makes 1000000 sheets; a job may have 10000.',
    ],
    [`${good}  variables: { big: 12345678901234567890 }`, '6:21 SCORE_VALUE This number is too large to be kept exactly'],
    [`${good}  variables: { inf: .inf }`, '6:21 SCORE_VALUE A variable must be a finite number.'],
    [`${good}  variables: { __proto__: 1 }`, '6:14 SCORE_VALUE `__proto__` cannot be a key.'],
    [`${good}1: x`, '6:1 KEY_UNKNOWN `1` is not a key'],
    [good.replace('cli', '[cli]'), '2:13 SCORE_VALUE `instrument` must be a text, not a list.'],
    [good.replace('Hello {{ sheet_num }}', ''), '4:1 V008 `prompt` has neither `template` nor `template_file`.'],
  ])('refuses %j', (text, finding) => {
    expect(parse(text).draft).toBeNull()
    expect(findings(text).join('\n')).toContain(finding)
  })

  it('stops a bomb of aliases', () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) =>
        `l${level}: &l${level} [${Array(9)
          .fill(level ? `*l${level - 1}` : 'x')
          .join(', ')}]`,
    )
    expect(findings(levels.join('\n'))).toEqual([expect.stringContaining('YAML The score repeats itself by aliases')])
  })

  it.each([
    ['a block', 'template: |\n    Hello\n\n      {{ a b }}\n', '8:12'],
    ['a block that begins with an empty line', 'template: |-\n\n    {{ a b }}\n', '7:10'],
    ['one line', 'template: say {{ a b }}\n', '5:22'],
    ['a quoted line', "template: 'say {{ a b }}'\n", '5:23'],
    ['a folded block, by its beginning', 'template: >\n    Hello\n    {{ a b }}\n', '5:13'],
  ])('finds a mistake in a template that is %s', (_, template, place) => {
    expect(findings(good.replace('template: Hello {{ sheet_num }}\n', template))).toEqual([
      `${place} V001 The template is not valid: \`b\` does not fit here. → Correct the template at this place.`,
    ])
  })

  it('warns, and goes on, where a word or a name will surprise', () => {
    const { draft, diagnostics } = parse(`${good}  variables:\n    flag: no\n    quoted: "no"\n    my-var: 1\n`)
    expect(draft?.prompt.variables).toEqual({ flag: 'no', quoted: 'no', 'my-var': 1 })
    expect(diagnostics).toMatchObject([
      { line: 7, column: 11, severity: 'warning', message: '`no` is a text here, not true or false.' },
      { line: 9, column: 5, severity: 'warning', message: 'No template can use the variable `my-var`.' },
    ])
  })

  it('never throws, whatever the text is', { timeout: 60_000 }, () => {
    const words = [
      'name',
      'sheet',
      'prompt',
      'template',
      ': ',
      '\n',
      '  ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '&a ',
      '*a',
      '<<',
      '|',
      '>',
      '"',
      "'",
      '#',
      '---\n',
      '!!',
      '? ',
      '{{',
      '%}',
      '\t',
      '1.0',
    ]
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 3 })), { maxLength: 30 })
        .map((pieces) => pieces.join('')),
      fc.string({ maxLength: 12 }).map((insert) => good.slice(0, 40) + insert + good.slice(40)),
    )
    fc.assert(
      fc.property(text, (given) => {
        const { draft, diagnostics } = parse(given)
        const errors = diagnostics.filter(({ severity }) => severity === 'error')
        return (draft === null) === errors.length > 0 && diagnostics.every(({ line, column }) => line >= 1 && column >= 1)
      }),
      { numRuns: 500 },
    )
  })
})

describe('completeScore', () => {
  const draftOf = (text: string) => {
    const { draft } = parse(text)
    if (!draft) throw new Error('the score was refused')
    return draft
  }
  const withFile = good.replace('template: Hello {{ sheet_num }}', 'template_file: t.j2')

  it('keeps the template of the score', () => {
    const { score, file } = completeScore(draftOf(good), null)
    expect(score?.prompt).toEqual({ template: 'Hello {{ sheet_num }}', templateFile: null, variables: {} })
    expect(score).not.toHaveProperty('file')
    expect(file).toBe('/scores/a.yaml')
  })
  it('takes the text of the template file', () => {
    expect(completeScore(draftOf(withFile), 'Play {{ sheet_num }}\n').score?.prompt).toEqual({
      template: 'Play {{ sheet_num }}\n',
      templateFile: '/scores/t.j2',
      variables: {},
    })
  })
  it('finds a mistake in the template file, in that file', () => {
    expect(completeScore(draftOf(withFile), 'a\n  {% if x %}\n')).toMatchObject({
      score: null,
      file: '/scores/t.j2',
      diagnostics: [{ code: 'V001', line: 2, column: 6, message: '`if` is never closed by `endif`.' }],
    })
  })
  it('refuses a template that was not read', () => {
    expect(completeScore(draftOf(withFile), null)).toMatchObject({ score: null, diagnostics: [{ code: 'V003' }] })
  })
})
