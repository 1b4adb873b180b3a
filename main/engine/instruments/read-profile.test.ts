import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readProfile } from './read-profile.ts'

const read = (...lines: string[]) => readProfile(lines.join('\n'), 'agent.yaml')
const problemsOf = (...lines: string[]) => {
  const reading = read(...lines)
  return 'problems' in reading ? reading.problems : []
}

describe('a profile', () => {
  it.each([
    ['a key of the full language', ['models: []'], 1, 1, /`models` is part of the profile language/, /Remove the key/],
    [
      'an unbuilt key further in',
      ['name: a', 'cli:', '  command: { executable: a, model_flag: -m }'],
      3,
      29,
      /`model_flag` is part/,
      /Remove/,
    ],
    ['a misspelt key', ['nmae: a'], 1, 1, /`nmae` is not a key of a profile/, /Did you mean `name`/],
    ['a key that is like no other', ['xyzzyplugh: a'], 1, 1, /`xyzzyplugh` is not a key/, /Use one of: name, display_name/],
    ['a missing program', ['name: a', 'cli:', '  command: {}'], 3, 12, /`cli.command.executable` is missing/, null],
    ['a wrong type', ['name: a', 'default_timeout_seconds: soon'], 2, 26, /`default_timeout_seconds`: .*expected number/, null],
    ['a bad name', ['name: a b'], 1, 7, /`name`: may hold letters/, null],
    [
      'a bad pattern',
      ['name: a', 'cli:', '  command: { executable: a }', '  errors: { auth_error_patterns: ["("] }'],
      4,
      35,
      /`cli.errors.auth_error_patterns.0`: is not a regular expression/,
      null,
    ],
    [
      'events without the one that ends them',
      ['name: a', 'cli:', '  command: { executable: a }', '  output: { format: jsonl, result_path: result }'],
      4,
      11,
      /`cli.output.completion_event_type`: is needed with format jsonl/,
      null,
    ],
    [
      'a name no environment variable can have',
      ['name: a', 'cli:', '  command: { executable: a, env: { A-B: c } }'],
      3,
      41,
      /`cli.command.env.A-B`: is not a name for an environment variable/,
      null,
    ],
    ['broken YAML', ['name: [a'], 1, 9, /Flow sequence/, null],
    ['several documents', ['name: a', '---', 'name: b'], 2, 1, /A profile is one document/, null],
    ['a key given twice', ['name: a', 'name: b'], 2, 1, /unique/, null],
    ['something that is no mapping', ['- a'], 1, 1, /A profile is a mapping/, null],
    ['nothing at all', [''], 1, 1, /A profile is a mapping/, null],
  ])('refuses %s, with its place', (_, lines, line, column, message, remedy) => {
    const problem = problemsOf(...lines).find((one) => message.test(one.message))
    expect(problem).toMatchObject({ file: 'agent.yaml', line, column })
    if (remedy === null) expect(problem?.remedy).toBeNull()
    else expect(problem?.remedy).toMatch(remedy)
  })

  it('tells everything that is wrong at once', () => {
    expect(problemsOf('nmae: a', 'kind: http', 'cli: { command: { executable: "" }, errors: { rate_limt: 1 } }')).toHaveLength(5)
  })

  it('survives aliases that would fill the memory', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
    for (let level = 1; level < 10; level++) {
      const [before, name] = [String.fromCharCode(96 + level), String.fromCharCode(97 + level)]
      bomb.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]`)
    }
    expect(problemsOf(...bomb)[0]?.message).toMatch(/alias/i)
  })

  it('answers to any text without throwing', () => {
    const pieces = fc.constantFrom(
      'name',
      'cli',
      ': ',
      '\n',
      '  ',
      '- ',
      '{',
      '}',
      '[',
      '&a',
      '*a',
      '"',
      '!!x',
      '\t',
      '<<',
      '?',
      '\0',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((parts) => parts.join('')),
        ),
        (text) => {
          const reading = readProfile(text, 'x.yaml')
          return 'profile' in reading || reading.problems.every(({ line, column }) => line >= 1 && column >= 1)
        },
      ),
    )
  })
})
