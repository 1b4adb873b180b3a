import { describe, expect, it } from 'vitest'
import { parseScore } from '../parse.ts'

interface Pieces {
  readonly sheet?: string
  readonly prompt?: string
  readonly rest?: string
}

/** Findings of a score with these pieces, as `line:column severity code message`; line 1 is the sheet, 2 the prompt, 3 the rest. */
function findings({ sheet = '', prompt = 'template: x', rest = '' }: Pieces): string[] {
  const size = sheet.includes('size:') ? '' : 'size: 1, '
  const total = sheet.includes('total_items:') ? '' : 'total_items: 3, '
  const text = `sheet: { ${size}${total}${sheet} }\nprompt: { ${prompt} }\n${rest}\nname: a\n`
  return parseScore(text, { file: '/a.yaml', directory: '/', home: '/h' }).diagnostics.map(
    ({ line, column, severity, code, message }) => `${line}:${column} ${severity} ${code} ${message}`,
  )
}

const checked = 'validations: [{ type: content_contains, path: a, pattern: b }]'

/** Each row is a score and everything that is found in it. */
describe.each<[string, [string, Pieces, string[]][]]>([
  [
    'the layout of a score',
    [
      [
        'a first item after the last',
        { sheet: 'start_item: 4' },
        ['1:47 error SCORE_VALUE `sheet.start_item` is 4, after the last of 3 items.'],
      ],
      [
        'too many sheets',
        { sheet: 'total_items: 10001' },
        ['1:32 error SCORE_VALUE This makes 10001 sheets; a job may have 10000.'],
      ],
      [
        'too many copies',
        { sheet: 'dependencies: { 3: [1] }, fan_out: { 2: 9999 }' },
        [
          '1:61 info V207 There are copies of sheets, but they run one after another.',
          '1:70 error SCORE_VALUE This makes 10001 sheets; a job may have 10000.',
        ],
      ],
      [
        'too many pairs',
        { sheet: 'dependencies: { 2: [1] }, fan_out: { 1: 2000, 2: 2001 }' },
        [
          '1:1 error SCORE_VALUE The sheets would have to wait for each other in 4002000 pairs; a job may have 1000000.',
          '1:61 info V207 There are copies of sheets, but they run one after another.',
        ],
      ],
      [
        'copies of sheets of several items',
        { sheet: 'size: 2, dependencies: { 2: [1] }, fan_out: { 2: 2 }', rest: `${checked}\nparallel: { enabled: true }` },
        ['1:72 error SCORE_VALUE `sheet.fan_out.2` makes copies of a sheet, which needs `size: 1` and `start_item: 1`.'],
      ],
      [
        'copies that two keys count differently',
        { sheet: 'fan_out: { 2: 2 }', rest: `${checked}\nmovements: { 2: { voices: 3 } }\nparallel: { enabled: true }` },
        [
          '1:35 warning V206 There are copies of sheets but no `sheet.dependencies`: each movement waits for the whole one before.',
          "4:19 info VOICES `movements.2.voices` makes copies of the movement's sheet, which Marianne does not do.",
          '4:27 error SCORE_VALUE `movements.2.voices` is 3, but `sheet.fan_out.2` is 2.',
        ],
      ],
      [
        'a sheet that waits for itself',
        { sheet: 'dependencies: { 2: [1, 2] }' },
        ['1:58 error SCORE_VALUE Sheet 2 waits for itself.'],
      ],
      [
        'dependencies out of range',
        { sheet: 'dependencies: { 2: [4], 5: [1] }' },
        [
          '1:55 error SCORE_VALUE Sheet 2 waits for sheet 4, but there are only sheets 1 to 3 before fan-out.',
          '1:59 error SCORE_VALUE `sheet.dependencies.5`: there are only sheets 1 to 3 before fan-out.',
        ],
      ],
      [
        'a circle',
        { sheet: 'dependencies: { 1: [3], 2: [1], 3: [2] }' },
        ['1:51 error SCORE_VALUE Sheets wait for each other in a circle: 1 → 3 → 2 → 1.'],
      ],
      [
        'entries for sheets that are not there',
        { sheet: 'descriptions: { 3: c, 4: d }, skip_when: { 9: "True" }' },
        [
          '1:57 warning V212 `sheet.descriptions.4` is for sheet 4, but the last one is 3.',
          '1:78 warning V212 `sheet.skip_when.9` is for sheet 9, but the last one is 3.',
        ],
      ],
      [
        'lists of sheets that are not there',
        {
          sheet: 'instrument_map: { cli: [1, 4] }',
          rest: `${checked.replace('pattern: b', 'pattern: b, sheet: 7')}\ncheckpoints: { enabled: true, triggers: [{ name: a, sheet_nums: [9, 0, 3] }] }`,
        },
        [
          '1:62 warning V212 `sheet.instrument_map.cli` is for sheet 4, but the last one is 3.',
          '3:69 warning V212 `validations[0].sheet` is for sheet 7, but the last one is 3.',
          '4:66 warning V212 `checkpoints.triggers[0].sheet_nums` is for sheet 9, but the last one is 3.',
          '4:69 warning V212 `checkpoints.triggers[0].sheet_nums` is for sheet 0, but the first one is 1.',
        ],
      ],
      [
        'a rule for leaving out that cannot be read',
        { sheet: "skip_when: { 1: 'sheets[1] ='}" },
        [expect.stringMatching(/^1:\d+ error EXPRESSION `sheet.skip_when.1` is not a valid expression: /) as string],
      ],
    ],
  ],
  [
    'rules for leaving out',
    [
      [
        'what no sheet and no job has',
        { sheet: 'skip_when: { 1: "sheets[1].exit_kode", 2: "job.pid" }' },
        [
          '1:62 warning EXPRESSION `sheet.skip_when.1` asks for `exit_kode`, which sheets do not have; a rule that cannot be worked out leaves nothing out.',
          '1:82 warning EXPRESSION `sheet.skip_when.2` asks for `pid`, which the job does not have; a rule that cannot be worked out leaves nothing out.',
        ],
      ],
    ],
  ],
  [
    'the instruments of a score',
    [
      [
        'a backend that is none',
        { rest: `${checked}\nbackend: { type: ollama }` },
        ['4:18 error SCORE_VALUE There is no instrument for `backend.type: ollama`.'],
      ],
      [
        'two that contradict',
        { rest: `${checked}\ninstrument: cli\nbackend: { type: anthropic_api }` },
        ['5:18 error SCORE_VALUE `backend.type` says anthropic_api, but `instrument` says cli.'],
      ],
      ['two that agree', { rest: `${checked}\ninstrument: cli\nbackend: { type: claude_cli }` }, []],
      [
        'a sheet in two lists',
        { sheet: 'instrument_map: { a: [1, 2], b: [2] }', rest: checked },
        ['1:68 error SCORE_VALUE Sheet 2 is given to `a` and to `b`.'],
      ],
      [
        'short and long times',
        {
          sheet: 'per_sheet_instrument_config: { 2: { timeout_seconds: 90000 } }',
          rest: `${checked}\nbackend: { timeout_seconds: 30, timeout_overrides: { 1: 59 } }`,
        },
        [
          '1:88 info V104 `sheet.per_sheet_instrument_config.2.timeout_seconds` lets one attempt run for more than 4 hours.',
          '4:29 warning V103 `backend.timeout_seconds` gives an agent 30 s; few finish within a minute.',
          '4:57 warning V103 `backend.timeout_overrides.1` gives an agent 59 s; few finish within a minute.',
        ],
      ],
      [
        'short times of the sheets that are shell commands',
        {
          sheet: 'per_sheet_instruments: { 2: cli }, per_sheet_instrument_config: { 2: { timeout_seconds: 5 } }',
          rest: `${checked}\nmovements: { 3: { instrument: cli, instrument_config: { timeout_seconds: 5 } } }`,
        },
        [],
      ],
      [
        'short times of shell commands',
        { rest: `${checked}\ninstrument: sh\ninstruments: { sh: { profile: cli, config: { timeout_seconds: 5 } } }` },
        [],
      ],
    ],
  ],
  [
    'limits',
    [
      [
        'a budget without a limit',
        { rest: `${checked}\ncost_limits: { enabled: true }` },
        ['4:25 error SCORE_VALUE `cost_limits` is enabled without a limit.'],
      ],
      [
        'looking too rarely',
        { rest: `${checked}\nstale_detection: { enabled: true, check_interval_seconds: 300 }` },
        ['4:35 error SCORE_VALUE `stale_detection` would look every 300 s for 300 s without output.'],
      ],
      [
        'a pattern that does not compile',
        { rest: `${checked}\nrate_limit: { detection_patterns: [a, '['] }` },
        ['4:39 error V007 `rate_limit.detection_patterns[1]` is not a regular expression: unterminated character class.'],
      ],
    ],
  ],
  [
    'the prompt',
    [
      [
        'names that nothing defines',
        { prompt: "template: 'a {{ shet_num }}'", rest: checked },
        ['2:27 warning V101 The template uses `shet_num`, which nothing defines.'],
      ],
      [
        'placeholders of paths',
        { prompt: "template: 'a {sheet_num} ${stage} {b} {{ sheet_num }}'", rest: checked },
        ['2:24 warning V202 `{sheet_num}` stays as it is in a template.'],
      ],
      [
        'variables that nobody will see',
        { prompt: 'template: x, variables: { stage: 1, a-b: 2 }', rest: checked },
        [
          '2:37 warning V208 The variable `stage` is hidden by the built-in one of the same name.',
          '2:47 warning V101 No template can use the variable `a-b`.',
        ],
      ],
      [
        'captured files, which are templates',
        { rest: `${checked}\ncross_sheet: { capture_files: ['{{ a'] }` },
        ['4:33 error V001 The template is not valid: `{{` is never closed by `}}`.'],
      ],
    ],
  ],
  [
    'checks',
    [
      ['none', {}, ['1:1 info V203 The score has no `validations`: a sheet counts as done when its instrument says so.']],
      [
        'only of existence',
        { rest: 'validations: [{ type: file_exists, path: a }]' },
        ['3:1 info V205 All checks only ask whether a file exists; an empty one from an earlier run would do.'],
      ],
      [
        'for nothing',
        { rest: checked.replace('pattern: b', "pattern: ''") },
        ['3:59 warning V106 `validations[0].pattern` is empty: every file that exists has it.'],
      ],
      [
        'with a template for a path',
        { rest: checked.replace('path: a', "path: 'a{{ n }}'") },
        ['3:47 warning V201 `validations[0].path` has `{{ }}`, which only templates understand.'],
      ],
      [
        'with the words of templates in a command',
        { rest: "validations: [{ type: command_succeeds, command: 'ls {{ workspace }}; ls {{sheet_num}}' }]" },
        ['3:50 warning V201 `validations[0].command` has `{{ workspace }}`, which only templates understand.'],
      ],
      [
        'nothing in the double brackets of another program',
        { rest: "validations: [{ type: command_succeeds, command: 'docker ps --format {{.Names}} {{ other }}' }]" },
        [],
      ],
      [
        'with a condition that cannot be read',
        { rest: checked.replace('pattern: b', 'pattern: b, condition: a or b') },
        ['3:73 warning CONDITION `validations[0].condition` cannot be read, so the check is always made.'],
      ],
      [
        'with a condition on an unknown name',
        { rest: checked.replace('pattern: b', 'pattern: b, condition: stge == 1') },
        ['3:73 warning CONDITION `validations[0].condition` names `stge`, which nothing defines, so the check is always made.'],
      ],
    ],
  ],
])('in %s', (_, rows) => {
  it.each(rows)('finds %s', (_name, pieces, expected) => {
    const found = findings(pieces)
    const asked = pieces.rest?.includes('validations') || expected.some((line) => line.includes?.('V203'))
    expect(asked ? found : found.filter((line) => !line.includes(' V203 '))).toEqual(expected)
  })
})
