import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../../test/support/place.ts'
import { ScoreError } from '../errors.ts'
import { dryRunScore } from './dry-run.ts'

let place: Place

beforeEach(() => {
  place = makePlace()
})
afterEach(() => place.remove())

const assetsDir = resolve(import.meta.dirname, '../../../assets')

/** What a dry run of a score with these lines, from line 4 on, says of it, as `line:column severity code message`. */
async function said(lines: readonly string[], workspace?: string): Promise<string[]> {
  const path = join(place.root, 'score.yaml')
  const head = ['name: a', 'instrument: cli', 'validations: [{ type: file_modified, path: a }]']
  writeFileSync(path, [...head, ...lines, ''].join('\n'))
  const { diagnostics } = await dryRunScore(path, {
    assetsDir,
    dataDir: join(place.root, 'data'),
    ...(workspace === undefined ? {} : { workspace }),
  }).catch((error: unknown) => {
    if (error instanceof ScoreError) return error
    throw error
  })
  return diagnostics.map(({ line, column, severity, code, message }) => `${line}:${column} ${severity} ${code} ${message}`)
}

const three = 'sheet: { size: 1, total_items: 3 }'
const block = (...lines: readonly string[]) => ['prompt:', '  template: |', ...lines.map((line) => `    ${line}`)]

describe('a dry run whose prompts cannot be rendered', () => {
  it('says which sheets’, and where in the score', async () => {
    expect(await said([three, ...block('Sheet', '{% if sheet_num > 1 %}{{ 1 / (sheet_num - 2) }}{% endif %}')])).toEqual([
      '8:32 warning TEMPLATE The prompt of sheet 2 cannot be rendered: division by zero.',
    ])
    const many = 'sheet: { size: 1, total_items: 7 }'
    expect(await said([many, 'prompt: { template: "{{ [][0] }}" }'])).toEqual([
      '5:28 warning V101 The prompts of sheets 1, 2, 3, 4 and 3 more cannot be rendered: the list has no `0`.',
    ])
  })

  it('says where in the template file, at the place that names it', async () => {
    const file = join(place.root, 'template.md')
    writeFileSync(file, 'Sheet\r\n{{ sheet_num.number }}\r\n')
    expect(await said([three, 'prompt: { template_file: template.md }'])).toEqual([
      `5:26 warning V101 The prompts of sheets 1, 2 and 3 cannot be rendered: ${file}:2:14: \`sheet_num\` has no \`number\`.`,
    ])
  })

  it('says so of the other texts that a prompt is made of', async () => {
    expect(
      await said([
        'sheet: { size: 1, total_items: 1 }',
        'prompt: { template: x }',
        'cross_sheet: { capture_files: ["*.md", "{{ sheet_num.x }}"] }',
      ]),
    ).toEqual(['6:54 warning V101 The prompt of sheet 1 cannot be rendered: `sheet_num` has no `x`.'])
    expect(
      await said(['sheet: { size: 1, total_items: 1 }', 'prompt: { template: x }', 'cross_sheet: { capture_files: ["../*"] }']),
    ).toEqual(['6:16 warning TEMPLATE The prompt of sheet 1 cannot be rendered: "../*" leads out of the workspace.'])
  })

  it('does not blame a score for what the sheets before have yet to answer', async () => {
    const shared = 'cross_sheet: { auto_capture_stdout: true }'
    expect(
      await said([three, shared, ...block('{% if sheet_num > 1 %}{{ previous_outputs[sheet_num - 1] }}{% endif %}')]),
    ).toEqual([
      '8:47 info V101 The prompt of sheet 2 can be told only after the sheets before: `previous_outputs` has no `1`.',
      '8:47 info V101 The prompt of sheet 3 can be told only after the sheets before: `previous_outputs` has no `2`.',
    ])
  })
})

describe('a dry run', () => {
  const simple = [three, 'prompt: { template: x }']

  it('needs no folder that the job will make', async () => {
    rmSync(place.workspace, { recursive: true })
    expect(await said([...simple, 'workspace: ./new/folder'])).toEqual([])
  })

  it('refuses a workspace that no job could use, wherever it is given', async () => {
    const file = join(place.root, 'file')
    writeFileSync(file, '')
    const why = (workspace: string) => `error V002 The workspace ${workspace} cannot be used: ${file} is not a folder.`
    expect(await said([...simple, 'workspace: ./file/folder'])).toEqual([`6:12 ${why(join(file, 'folder'))}`])
    expect(await said(simple, file)).toEqual([`1:1 ${why(file)}`])
  })

  it('tells of a template file that cannot be read, with all else that is wrong', async () => {
    mkdirSync(join(place.root, 'folder'))
    const lines = (file: string) => [three, `prompt: { template_file: ${file}, variables: { stage: 1 } }`]
    expect(await said(lines('gone.md'))).toEqual([
      '5:48 warning V208 The variable `stage` is hidden by the built-in one of the same name.',
      `5:26 error V003 The template ${join(place.root, 'gone.md')} does not exist.`,
    ])
    expect(await said(lines('folder'))).toContain(`5:26 error V003 The template ${join(place.root, 'folder')} cannot be read.`)
  })

  it('tells what is wrong inside the template file, at the place that names it', async () => {
    const file = join(place.root, 'template.md')
    const lines = [three, 'prompt: { template_file: template.md }']
    writeFileSync(file, 'x\n{% if %}')
    expect(await said(lines)).toEqual([expect.stringMatching(`5:26 error V001 ${file}:2:\\d+: The template is not valid`)])
    writeFileSync(file, 'x\n{% if nothing %}{{ nobody }}{% endif %}')
    expect(await said(lines)).toContain(`5:26 warning V101 ${file}:2:20: The template uses \`nobody\`, which nothing defines.`)
  })
})
