import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../../test/support/place.ts'
import { loadCatalogue } from '../instruments/catalogue.ts'
import { remarksFor } from './remarks.ts'
import { loadScore } from './submission.ts'

let place: Place

beforeEach(() => {
  place = makePlace()
})
afterEach(() => place.remove())

const catalogue = await loadCatalogue([resolve(import.meta.dirname, '../../../assets/instruments')])

/** What is said of a score with these lines, from line 5 on, as `line:column code message`. */
async function remarks(...lines: readonly string[]): Promise<string[]> {
  const path = join(place.root, 'score.yaml')
  const head = ['name: a', 'workspace: ./workspace', 'instrument: cli', 'prompt: { template: x }']
  writeFileSync(path, [...head, ...lines, ''].join('\n'))
  return remarksFor(await loadScore(path), path, catalogue).map(
    ({ line, column, code, message, severity }) => `${line}:${column} ${severity} ${code} ${message}`,
  )
}

describe('remarks on a score', () => {
  it('tell of a budget on an instrument that does not tell what it uses before its end', async () => {
    const budgets = (instrument: string) =>
      remarks(
        `sheet: { size: 1, total_items: 1, per_sheet_instruments: { 1: ${instrument} } }`,
        'budgets: { job: { tokens: 1000 } }',
      )
    expect(await budgets('gemini-cli')).toEqual([
      '6:1 info BUDGET gemini-cli tells what it uses only at its end: until then budgets act on an estimate, which may be far too low.',
    ])
    for (const instrument of ['claude-code', 'rehearsal', 'cli']) expect(await budgets(instrument)).toEqual([])
  })

  it('tell of each setting that an instrument makes nothing of, once, where it stands', async () => {
    expect(
      await remarks(
        'sheet: { size: 1, total_items: 3, per_sheet_instrument_config: { 2: { tone: loud } } }',
        'instrument_config: { mood: good }',
        'instrument_fallbacks: [second]',
        'instruments: { second: { profile: rehearsal, config: { colour: red } } }',
        'backend: { cli_model: m }',
      ),
    ).toEqual([
      '9:12 warning SETTING `backend.cli_model` has no effect on cli.',
      '6:22 warning SETTING `instrument_config.mood` has no effect on cli.',
      '8:56 warning SETTING `instruments.second.config.colour` has no effect on rehearsal.',
      '5:71 warning SETTING `sheet.per_sheet_instrument_config.2.tone` has no effect on cli.',
    ])
  })

  it('tell of instruments that ask nobody, or act without asking whatever the score says', async () => {
    expect(
      await remarks(
        'sheet: { size: 1, total_items: 2, per_sheet_instruments: { 1: claude-code, 2: goose } }',
        'instrument_fallbacks: [crush]',
        'backend: { skip_permissions: false }',
      ),
    ).toEqual([
      '7:12 info V204 `backend.skip_permissions` makes claude-code ask before it acts, and nobody is there to answer.',
      '7:12 warning SETTING `backend.skip_permissions` cannot hold crush back: its profile has no `auto_approve_flag` to leave out.',
      '7:12 warning SETTING `backend.skip_permissions` cannot hold goose back: its profile has no `auto_approve_flag` to leave out.',
    ])
  })

  it('tell of files that are not there, once, where they stand', async () => {
    writeFileSync(join(place.root, 'there.md'), '')
    expect(
      await remarks(
        'sheet:',
        '  size: 1',
        '  total_items: 2',
        '  prelude: [{ file: there.md }, { file: nowhere.md }, { file: "{workspace}/later.md" }]',
        '  cadenzas: { 2: [{ directory: no-folder }, { file: nowhere.md }] }',
        'on_success: [{ type: run_job, job_path: next.yaml }]',
      ),
    ).toEqual([
      '8:41 warning V108 There is no nowhere.md to put into the prompt.',
      '9:32 warning V108 There is no no-folder to put into the prompt.',
      '10:41 warning V107 There is no score next.yaml to follow this one.',
    ])
  })

  it('tell of folders to work in that are not there', async () => {
    mkdirSync(place.inWorkspace('there'))
    const lines = [
      'sheet: { size: 1, total_items: 1 }',
      'backend: { working_directory: /no/where }',
      'validations:',
      '  - { type: command_succeeds, command: make, working_directory: build }',
      '  - { type: command_succeeds, command: make, working_directory: there }',
      '  - { type: command_succeeds, command: make, working_directory: "{workspace}/b" }',
      'on_success: [{ type: run_command, command: make, working_directory: gone }]',
    ]
    expect(await remarks(...lines)).toEqual([
      '6:31 warning V005 `backend.working_directory`: there is no folder /no/where.',
      `8:65 warning V005 \`validations[0].working_directory\`: there is no folder ${place.inWorkspace('build')}.`,
      `11:69 warning V005 \`on_success[0].working_directory\`: there is no folder ${place.inWorkspace('gone')}.`,
    ])
    expect(await remarks(...lines.slice(0, 1), 'backend: { working_directory: workspace }')).toEqual([])
  })

  it('know that the workspace is made when the job starts', async () => {
    rmSync(place.workspace, { recursive: true })
    const folder = (name: string) => `  - { type: command_succeeds, command: make, working_directory: ${name} }`
    expect(await remarks('sheet: { size: 1, total_items: 1 }', 'validations:', folder('.'), folder('..'), folder('./a'))).toEqual(
      [`9:65 warning V005 \`validations[2].working_directory\`: there is no folder ${place.inWorkspace('a')}.`],
    )
  })
})
