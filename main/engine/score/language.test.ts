import { describe, expect, it } from 'vitest'
import { keysAt, kindsAt } from './language.ts'
import { parseScore } from './parse.ts'

const document = {
  validations: [{ type: 'file_exists' }, { type: 'nonsense' }],
  on_success: [{ type: 'run_command' }],
  sheet: { cadenzas: { 3: [{ file: 'a' }] } },
}

describe('keysAt', () => {
  it.each([
    [[], 'pause_between_sheets_seconds'],
    [['sheet'], 'per_sheet_fallbacks'],
    [['movements', '2'], 'voices'],
    [['instruments', 'fast'], 'profile'],
    [['validations', 0], 'path'],
    [['on_success', 0], 'working_directory'],
    [['sheet', 'cadenzas', '3', 0], 'directory'],
    [['backend', 'sheet_overrides', '1'], 'cli_model'],
    [['checkpoints', 'triggers', 0], 'requires_confirmation'],
  ])('knows at %j the key %s', (path, key) => {
    expect(keysAt(path, document)).toContain(key)
  })
  it('keeps to the kind that was chosen', () => {
    expect(keysAt(['validations', 0], document)).not.toContain('pattern')
    expect(keysAt(['validations', 1], document)).toContain('pattern')
  })
  it.each([
    [['instrument_config']],
    [['prompt', 'variables']],
    [['notifications', 0, 'config']],
    [['sheet', 'descriptions']],
    [['nowhere', 'at all']],
  ])('knows no keys where they are the author’s own: %j', (path) => {
    expect(keysAt(path, document)).toBeNull()
  })
})

describe('kindsAt', () => {
  it('tells the kinds and the chosen one', () => {
    expect(kindsAt(['on_success', 0], document)).toEqual({
      kinds: ['run_job', 'run_command', 'run_script'],
      chosen: 'run_command',
    })
    expect(kindsAt(['validations', 1], document)?.chosen).toBeNull()
    expect(kindsAt(['sheet'], document)).toBeNull()
  })
})

/** What is said of one extra line in an otherwise right score. */
function said(line: string): string[] {
  const text = `name: a\nsheet: { size: 1, total_items: 1 }\nprompt: { template: x }\n${line}\n`
  const { draft, diagnostics } = parseScore(text, { file: '/a.yaml', directory: '/', home: '/h' })
  expect(draft).toBeNull()
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ message, remedy, column }) => `${column} ${message} ${remedy}`)
}

describe('a misspelling anywhere', () => {
  it.each([
    ['paralel: {}', '1 `paralel` is not a key of the score language. Did you mean `parallel`?'],
    ['retry: { jiter: true }', '10 `retry.jiter` is not a key of the score language. Did you mean `jitter`?'],
    ['movements: { 2: { vioces: 2 } }', '19 `movements.2.vioces` is not a key of the score language. Did you mean `voices`?'],
    [
      'instruments: { f: { profle: x, profile: x } }',
      '21 `instruments.f.profle` is not a key of the score language. Did you mean `profile`?',
    ],
    ['on_success: [{ type: run_jb }]', '22 `on_success[0].type` must be a kind of hook, not "run_jb". Did you mean `run_job`?'],
    [
      'on_success: [{ command: x }]',
      '14 `on_success[0]` does not say its `type`. Add `type:` with one of `run_job`, `run_command` and `run_script`.',
    ],
    ['on_success: [{ type: run_job }]', '14 A `run_job` hook needs `job_path`. Add `job_path:` to it.'],
    [
      'on_success: [{ type: run_command, command: x, fresh: true }]',
      '47 `fresh` has no meaning in a `run_command` hook. Remove it; a `run_command` hook has `type`, `command`, `working_directory`, `description`, `on_failure` and `timeout_seconds`.',
    ],
    ['state_backend: sqlit', '16 `state_backend` must be sqlite or json, not "sqlit". Did you mean `sqlite`?'],
    [
      'movements: { one: {} }',
      '14 A key of `movements` must be a number of 1 or more, not "one". Write a number of 1 or more as the key.',
    ],
    [
      'movements: { 0: {} }',
      '14 A key of `movements` must be a number of 1 or more, not "0". Write a number of 1 or more as the key.',
    ],
    ['isolation: 3', '12 `isolation` must be a mapping, not 3. Write a mapping here.'],
    ['parallel: { budget_partition: false }', '31 `parallel.budget_partition` must be true, not false. Write true here.'],
  ])('%s is told with its place and its remedy', (line, finding) => {
    expect(said(line)).toEqual([finding])
  })
})
