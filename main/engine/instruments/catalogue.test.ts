import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadCatalogue } from './catalogue.ts'

const builtins = resolve(import.meta.dirname, '../../../assets/instruments')

const bundled = [
  ...['aider', 'claude-code', 'cli', 'cline-cli', 'codex-cli'],
  ...['crush', 'gemini-cli', 'goose', 'opencode', 'rehearsal'],
]

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fermata-instruments-'))
})
afterEach(() => rm(folder, { recursive: true }))

const write = (name: string, ...lines: string[]) => writeFile(join(folder, name), lines.join('\n'))
const minimal = (name: string) => [`name: ${name}`, 'cli:', '  command:', '    executable: true-agent']

describe('the catalogue of instruments', () => {
  it('holds the bundled profiles, and nothing is wrong with them', async () => {
    const catalogue = await loadCatalogue([builtins, join(folder, 'no-such-folder')])
    expect(catalogue.problems).toEqual([])
    expect(catalogue.notes).toEqual([])
    expect(catalogue.list().map(({ name }) => name)).toEqual(bundled)
  })

  it('lets a user’s profile replace a bundled one', async () => {
    await write('mine.yaml', ...minimal('cli'))
    const catalogue = await loadCatalogue([builtins, folder])
    expect(catalogue.get('cli').cli.command.executable).toBe('true-agent')
    expect(catalogue.list()).toHaveLength(bundled.length)
  })

  it('fills in the defaults', async () => {
    await write('agent.yaml', ...minimal('agent'))
    const profile = (await loadCatalogue([folder])).get('agent')
    expect(profile).toMatchObject({ default_timeout_seconds: 1800, raw_prompt: false, kind: 'cli' })
    expect(profile.cli.command.prompt_via_stdin).toBe(true)
    expect(profile.cli.output.format).toBe('text')
    expect(profile.cli.errors.success_exit_codes).toEqual([0])
  })

  it('suggests the nearest name for one it does not have', async () => {
    const catalogue = await loadCatalogue([builtins])
    expect(() => catalogue.get('claude-cod')).toThrow(
      expect.objectContaining({ code: 'INSTRUMENT_UNKNOWN', remedy: expect.stringContaining('Did you mean "claude-code"?') }),
    )
    expect(() => catalogue.get('toaster')).toThrow(expect.objectContaining({ remedy: `There are: ${bundled.join(', ')}.` }))
  })

  it('keeps the others when a profile is broken, and says what is wrong with it', async () => {
    await write('agent.yaml', ...minimal('agent'), '    executabel: x')
    await write('good.yaml', ...minimal('good'))
    const catalogue = await loadCatalogue([builtins, folder])
    expect(catalogue.get('good').name).toBe('good')
    expect(catalogue.problems).toEqual([
      {
        file: join(folder, 'agent.yaml'),
        line: 5,
        column: 5,
        message: '`executabel` is not a key of `cli.command`.',
        remedy: 'Did you mean `executable`?',
      },
    ])
    expect(() => catalogue.get('agent')).toThrow(/agent\.yaml:5:5: `executabel`/)
  })

  it('does not fall back to a bundled profile when the user’s own of that name is broken', async () => {
    await write('whatever.yaml', 'name: claude-code', 'cli: {}')
    const catalogue = await loadCatalogue([builtins, folder])
    expect(() => catalogue.get('claude-code')).toThrow(expect.objectContaining({ code: 'INSTRUMENT_BROKEN' }))
    expect(catalogue.list().map(({ name }) => name)).toEqual(bundled.filter((name) => name !== 'claude-code'))
  })

  it('tells what has no effect in a profile it takes', async () => {
    await write('mine.yaml', ...minimal('mine'), '    start_new_session: true')
    const { notes, problems } = await loadCatalogue([builtins, folder])
    expect(problems).toEqual([])
    expect(notes).toMatchObject([{ file: join(folder, 'mine.yaml'), line: 5, severity: 'info' }])
  })

  it('takes the first of two files of one folder that give the same name', async () => {
    await write('a.yaml', ...minimal('agent'))
    await write('b.yaml', ...minimal('agent'), '    subcommand: second')
    const catalogue = await loadCatalogue([folder])
    expect(catalogue.get('agent').cli.command.subcommand).toBeUndefined()
    expect(catalogue.problems).toMatchObject([{ file: join(folder, 'b.yaml'), message: '"agent" is defined by a.yaml already.' }])
  })

  it('reports what cannot be read as a file', async () => {
    await mkdir(join(folder, 'folder.yaml'))
    await writeFile(join(folder, 'huge.yaml'), Buffer.alloc(2 * 1024 * 1024, '#'))
    const { problems } = await loadCatalogue([folder])
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('The file cannot be read'),
      'The file is far too large for a profile.',
    ])
  })
})
