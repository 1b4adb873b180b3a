import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readProfile } from './read-profile.ts'

const read = (...lines: string[]) => readProfile(lines.join('\n'), 'agent.yaml')
const problemsOf = (...lines: string[]) => {
  const reading = read(...lines)
  return 'problems' in reading ? reading.problems : []
}

/** Every key of Marianne's profile language, with the `null`s its authors write. */
const fromMarianne = `
name: agent
display_name: Agent
description: An agent.
kind: cli
capabilities: [tool_use, file_editing]
models:
  - name: large
    context_window: 200000
    cost_per_1k_input: 0.003
    cost_per_1k_output: 0.015
    max_output_tokens: 64000
    max_concurrent: 2
  - { name: small, context_window: 100000, cost_per_1k_input: 0.001, cost_per_1k_output: 0.005, max_output_tokens: null }
default_model: large
default_timeout_seconds: 900
raw_prompt: false
code_mode: null
http: null
cli:
  command:
    executable: agent
    subcommand: null
    prompt_flag: -p
    model_flag: --model
    auto_approve_flag: --yes
    output_format_flag: --output-format
    output_format_value: json
    system_prompt_flag: --system
    allowed_tools_flag: --tools
    mcp_config_flag: --mcp
    mcp_disable_args: [--no-mcp]
    timeout_flag: null
    working_dir_flag: null
    extra_flags: []
    env: { TOKEN: "\${TOKEN}" }
    prompt_via_stdin: true
    stdin_sentinel: "-"
    start_new_session: true
    required_env: null
  output:
    format: json
    result_path: result
    error_path: error.message
    completion_event_type: null
    completion_event_filter: null
    input_tokens_path: stats.*.tokens.prompt
    output_tokens_path: stats.*.tokens.candidates
    aggregate_tokens: true
  errors:
    success_exit_codes: [0]
    rate_limit_patterns: ["rate.?limit", '(?i)usage\\ limit', "don\\\\'t"]
    auth_error_patterns: [unauthorized]
    capacity_patterns: [overloaded]
    timeout_patterns: [timed?.out]
    crash_patterns: ['segfault', '(?P<what>panic)']
    stale_patterns: []
    rate_limit_event_type: null
    rate_limit_event_filter: null
`

describe('a profile written for Marianne', () => {
  const lines = fromMarianne.split('\n')
  const reading = read(...lines)

  it('is taken as it is', () => {
    expect(reading).toMatchObject({
      profile: {
        default_model: 'large',
        models: [
          { name: 'large', max_concurrent: 2 },
          { name: 'small', max_concurrent: 4 },
        ],
        cli: { command: { prompt_via_stdin: true, stdin_sentinel: '-' }, output: { aggregate_tokens: true } },
      },
    })
    const patterns = 'profile' in reading ? reading.profile.cli.errors.rate_limit_patterns : []
    const texts = ['Rate-limit', 'USAGE LIMIT', "don't"]
    expect(patterns.map((pattern, index) => pattern.test(texts[index] ?? ''))).toEqual([true, true, true])
  })

  it('gets a note for what has no effect, and only for that', () => {
    const notes = 'notes' in reading ? reading.notes : []
    expect(notes.map(({ line, severity, message }) => [lines[line - 1]?.trim(), severity, message])).toEqual([
      ['max_output_tokens: 64000', 'info', expect.stringMatching(/^`max_output_tokens` has no effect/)],
      ['start_new_session: true', 'info', expect.stringMatching(/^`start_new_session` has no effect/)],
    ])
  })

  it('is warned of a limit on its tools that would not hold', () => {
    const [warning] = ((result) => ('notes' in result ? result.notes : []))(
      read('name: a', 'cli: { command: { executable: a } }', 'code_mode: { enabled: true }'),
    )
    expect(warning).toMatchObject({
      severity: 'warning',
      line: 3,
      column: 1,
      message: expect.stringMatching(/`code_mode` is not supp/),
    })
  })
})

describe('a profile', () => {
  it.each([
    [
      'a kind that is no program',
      ['name: a', 'kind: http'],
      2,
      7,
      /`kind` must be `cli`: Fermata runs programs/,
      /wraps a program/,
    ],
    [
      'a misspelt key of a model',
      ['name: a', 'cli: { command: { executable: a } }', 'models:', '  - { name: m, max_concurent: 2 }'],
      4,
      16,
      /`max_concurent` is not a key of `models`/,
      /`max_concurrent`/,
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

  it('for HTTP is refused with one sentence', () => {
    const http = ['name: a', 'kind: http', 'http: { base_url: "http://localhost:11434", schema_family: openai }']
    expect(problemsOf(...http)).toHaveLength(1)
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
