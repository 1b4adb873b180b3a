import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completeScore, parseScore } from './parse.ts'
import { renderTemplate } from './template.ts'

const location = { file: '/scores/a.yaml', directory: '/scores', home: '/home/ada' }
const parse = (text: string) => parseScore(text, location)

/** Errors and warnings, in the form `line:column code message → remedy`. */
function findings(text: string): string[] {
  return parse(text)
    .diagnostics.filter(({ severity }) => severity !== 'info')
    .map(({ line, column, code, message, remedy }) => `${line}:${column} ${code} ${message} → ${remedy ?? ''}`)
}

const good = `name: demo
instrument: cli
sheet: { size: 5, total_items: 12 }
prompt:
  template: Hello {{ sheet_num }}
`

describe('parseScore', () => {
  it('fills in every default, in the words of the file', () => {
    const { draft, diagnostics } = parse(good)
    expect(diagnostics).toMatchObject([{ code: 'V203', severity: 'info' }])
    expect(draft).toMatchObject({
      file: '/scores/a.yaml',
      name: 'demo',
      description: null,
      workspace: '/scores/workspace',
      instrument: 'cli',
      instrument_config: { model: null, timeout_seconds: null },
      sheet: { size: 5, total_items: 12, start_item: 1, dependencies: {}, fan_out: {}, prelude: [] },
      prompt: { template: 'Hello {{ sheet_num }}', template_file: null, variables: {} },
      retry: { max_retries: 3, base_delay_seconds: 10, completion_threshold_percent: 50 },
      parallel: { enabled: false, max_concurrent: 3 },
      validations: [],
      cross_sheet: null,
      backend: null,
    })
  })

  it('plays on claude-code when the score names no instrument', () => {
    expect(parse(good.replace('instrument: cli\n', '')).draft?.instrument).toBe('claude-code')
  })

  it('has a default prompt, and says so', () => {
    const { draft, diagnostics } = parse('name: a\nsheet: { size: 1, total_items: 2 }\nprompt: {}\nvalidations: []\n')
    expect(diagnostics.map(({ code, severity }) => `${code} ${severity}`)).toEqual(['V008 warning', 'V203 info'])
    const variables = { start_item: 1, end_item: 1, sheet_num: 1, total_sheets: 2, workspace: '/w' }
    expect(renderTemplate(draft?.prompt.template ?? '', variables)).toBe(
      'Work on items 1 to 1; this is sheet 1 of 2.\nPut your results into files in /w.\n',
    )
  })

  it('reads all five kinds of check', () => {
    const { draft } = parse(`${good}validations:
  - { type: file_exists, path: 'a-{sheet_num}.md', description: there, retry_count: 0, retry_delay_ms: 5, stage: 2 }
  - { type: file_modified, path: b, condition: stage == 1 }
  - { type: content_contains, path: c, pattern: text, sheet: 2 }
  - { type: content_regex, path: d, pattern: '^#\\s+' }
  - { type: command_succeeds, command: 'true', working_directory: sub, timeout_seconds: 1.5 }
`)
    const base = { description: null, stage: 1, condition: null, sheet: null }
    const rest = { ...base, retry_count: 3, retry_delay_ms: 200, timeout_seconds: null }
    expect(draft?.validations).toEqual([
      {
        ...rest,
        type: 'file_exists',
        path: 'a-{sheet_num}.md',
        description: 'there',
        retry_count: 0,
        retry_delay_ms: 5,
        stage: 2,
      },
      { ...rest, type: 'file_modified', path: 'b', condition: 'stage == 1' },
      { ...rest, type: 'content_contains', path: 'c', pattern: 'text', sheet: 2 },
      { ...rest, type: 'content_regex', path: 'd', pattern: '^#\\s+' },
      { ...rest, type: 'command_succeeds', command: 'true', working_directory: 'sub', timeout_seconds: 1.5 },
    ])
  })

  it('resolves paths against the folder of the score and the home folder', () => {
    const { draft } = parse(good.replace('template: Hello {{ sheet_num }}', 'template_file: ../t.j2\nworkspace: ~/work'))
    expect(draft).toMatchObject({ workspace: '/home/ada/work', prompt: { template: null, template_file: '/t.j2' } })
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
retry: { jitter: ja,  max_retries: -1 }
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
      '1:7 SCORE_VALUE `name` must be a text, not 1. → Put it in quotes.',
      '2:1 KEY_UNKNOWN `instrumnt` is not a key of the score language. → Did you mean `instrument`?',
      '3:1 KEY_UNKNOWN `workspce` is not a key of the score language. → Did you mean `workspace`?',
      '4:16 SCORE_VALUE `sheet.size` must be a whole number of 1 or more, not 0. → Write a whole number of 1 or more here.',
      '4:32 SCORE_VALUE `sheet.total_items` must be a whole number of 1 or more, not "abc". → Write a whole number of 1 or more here.',
      '4:37 KEY_UNKNOWN `sheet.sise` is not a key of the score language. → Did you mean `size`?',
      '6:16 V001 The template is not valid: `{{` is never closed by `}}`. → Correct the template at this place.',
      '7:3 V008 `prompt` has both `template` and `template_file`. → Keep one of the two.',
      '8:18 SCORE_VALUE `retry.jitter` must be true or false, not "ja". → Write true or false here.',
      '8:36 SCORE_VALUE `retry.max_retries` must be a whole number from 0 to 1000, not -1. → Write a whole number from 0 to 1000 here.',
      '10:11 V008 `validations[0].type` must be a kind of check, not "file_exist". → Did you mean `file_exists`?',
      '12:5 V008 `validations[1]` does not say its `type`. → Add `type:` with one of `file_exists`, `file_modified`, `content_contains`, `content_regex` and `command_succeeds`.',
      '14:11 V201 `validations[2].path` has `{{ }}`, which only templates understand. → Write `{sheet_num}` with single brackets in paths.',
      '15:14 V007 `validations[2].pattern` is not a regular expression: unterminated group. → Correct the pattern; in YAML, single quotes keep backslashes.',
      '17:5 KEY_UNKNOWN `command` has no meaning in a `file_exists` check. → Remove it; a `file_exists` check has `type`, `path`, `description`, `stage`, `condition`, `sheet`, `retry_count`, `retry_delay_ms` and `timeout_seconds`.',
      '18:5 KEY_UNKNOWN `validations[3].pth` is not a key of the score language. → Did you mean `path`?',
      '20:5 SCORE_VALUE `validations[4]` must be a mapping with a `type`, not 3. → Write a mapping with a `type` here.',
      '21:5 V008 A `command_succeeds` check needs `command`. → Add `command:` to it.',
      '22:22 SCORE_VALUE `validations[5].timeout_seconds` must be a number above 0, not 0. → Write a number above 0 here.',
    ])
  })

  it.each([
    ['', '1:1 YAML The score is empty.'],
    ['# only a comment\n', '1:1 YAML The score is empty.'],
    ['~', '1:1 YAML The score is empty.'],
    ['hello', '1:1 SCORE_SHAPE A score is a mapping'],
    ['- a\n- b', '1:1 SCORE_SHAPE A score is a mapping'],
    ['name: a\nname: b', '2:1 YAML This key is there twice.'],
    ['a: { 1: x, "1": y }', '1:12 YAML This key is there twice.'],
    ['name: [', '1:8 YAML A list or mapping in brackets is never closed.'],
    ['name: "x', '1:9 YAML Something is missing here'],
    ['name: x\n\tb: 1', '2:1 YAML A tab cannot indent YAML.'],
    ['a: 1\n---\nb: 2', '3:1 YAML A score is one YAML document'],
    ['\0\u0001PNG', '1:1 YAML This is not a text file in UTF-8.'],
    ['name: \ufffd', '1:1 YAML This is not a text file in UTF-8.'],
    ['name: !!python/object x', '1:7 YAML A score knows no YAML tags'],
    ['name: *nope', '1:1 YAML The score repeats itself by aliases'],
    ['<<: 1', '1:1 YAML This is not valid YAML: Merge sources must be maps'],
    ['a: &a [*a, *a]', '1:1 YAML The score repeats itself by aliases'],
    ['a: &a { <<: *a }', '1:1 YAML The score repeats itself by aliases'],
    [`a: ${'['.repeat(65)}${']'.repeat(65)}`, 'SCORE_VALUE This is nested too deeply.'],
    [`validations: [${'1,'.repeat(10_001)}]`, '1:14 SCORE_VALUE This list has more than 10000 entries.'],
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
  ])('refuses %j', (text, finding) => {
    expect(parse(text).draft).toBeNull()
    expect(findings(text).join('\n')).toContain(finding)
  })

  it.each([
    ['a text of 3 MB', `a: ${'x'.repeat(3_000_000)}`],
    ['200,000 entries', '- \n'.repeat(200_000)],
    ['a million brackets', '['.repeat(1_000_000)],
  ])('refuses %s without reading it', (_, text) => {
    expect(findings(text)).toEqual([expect.stringContaining('1:1 YAML The score is too large to be read.')])
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
      { severity: 'info' },
      { line: 7, column: 11, severity: 'warning', message: '`no` is a text here, not true or false.' },
      { line: 9, column: 5, severity: 'warning', message: 'No template can use the variable `my-var`.' },
    ])
  })

  it('never throws, whatever the text is', { timeout: 60_000 }, () => {
    const words = [
      ...'{}[]|>"\'#\n\t',
      'sheet',
      'template',
      ': ',
      '  ',
      '- ',
      '&a ',
      '*a',
      '<<',
      '---\n',
      '!!',
      '? ',
      '{{',
      '%}',
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
    expect(score?.prompt).toMatchObject({ template: 'Hello {{ sheet_num }}', template_file: null, variables: {} })
    expect(score).not.toHaveProperty('file')
    expect(file).toBe('/scores/a.yaml')
  })
  it('takes the text of the template file', () => {
    expect(completeScore(draftOf(withFile), 'Play {{ sheet_num }}\n').score?.prompt).toMatchObject({
      template: 'Play {{ sheet_num }}\n',
      template_file: '/scores/t.j2',
      variables: {},
    })
  })
  it('finds a mistake in the template file, in that file', () => {
    expect(completeScore(draftOf(withFile), 'a\n  {% if x %}\n')).toMatchObject({
      score: null,
      file: '/scores/t.j2',
      diagnostics: [{ code: 'V001', line: 2, column: 6, message: 'The template is not valid: `if` is never closed by `endif`.' }],
    })
  })
  it('finds names that nothing defines in the template file', () => {
    const { score, diagnostics } = completeScore(draftOf(withFile), 'a {{ shet_num }}')
    expect(score).not.toBeNull()
    expect(diagnostics).toMatchObject([{ code: 'V101', severity: 'warning', line: 1, column: 6 }])
  })
  it('refuses a template that was not read', () => {
    expect(completeScore(draftOf(withFile), null)).toMatchObject({ score: null, diagnostics: [{ code: 'V003' }] })
  })
})
