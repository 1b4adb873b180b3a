import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadCatalogue } from './catalogue.ts'
import { buildCommand, visibleEnvironment } from './command.ts'
import { instrumentProfile } from './profile.ts'

const catalogue = await loadCatalogue([resolve(import.meta.dirname, '../../../assets/instruments')])
const context = (promptText: string, environment = {}) => ({ promptText, assetsDir: '/opt/Fermata $& app', environment })
const agent = (command: object) =>
  instrumentProfile.parse({ name: 'agent', cli: { command: { executable: 'agent', ...command } } })

describe('the command line of an instrument', () => {
  it('gives Claude Code its prompt on standard input and asks for events', () => {
    const { argv, promptOnStdin } = buildCommand(catalogue.get('claude-code'), context('Do it'))
    expect(argv).toEqual(['claude', '--dangerously-skip-permissions', '--output-format', 'stream-json', '-p', '--verbose'])
    expect(promptOnStdin).toBe(true)
  })

  it('gives bash the prompt as its script, untouched', () => {
    const script = 'echo "{assets} $HOME" \'x\'\n'
    expect(buildCommand(catalogue.get('cli'), context(script))).toEqual({
      argv: ['bash', '-c', script],
      env: {},
      promptOnStdin: false,
    })
  })

  it.each([
    ['of more than 32 KB', 'é'.repeat(16 * 1024 + 1)],
    ['with a NUL, which no argument can hold', 'echo \0'],
  ])('gives bash a prompt %s on standard input instead', (_, script) => {
    expect(buildCommand(catalogue.get('cli'), context(script))).toMatchObject({ argv: ['bash'], promptOnStdin: true })
  })

  it('passes a prompt of exactly 32 KB as an argument', () => {
    expect(buildCommand(catalogue.get('cli'), context('é'.repeat(16 * 1024))).promptOnStdin).toBe(false)
  })

  it('finds the bundled script where the assets are', () => {
    expect(buildCommand(catalogue.get('rehearsal'), context('Do it')).argv).toEqual([
      '/bin/sh',
      '/opt/Fermata $& app/rehearsal/rehearsal.sh',
    ])
  })

  it('keeps Marianne’s order of arguments', () => {
    const profile = agent({
      extra_flags: ['--last'],
      prompt_via_stdin: false,
      prompt_flag: '--prompt',
      output_format_value: 'json',
      output_format_flag: '-o',
      auto_approve_flag: '--yes',
      subcommand: 'exec',
    })
    expect(buildCommand(profile, context('Do it')).argv).toEqual([
      'agent',
      'exec',
      '--yes',
      '-o',
      'json',
      '--prompt',
      'Do it',
      '--last',
    ])
    expect(buildCommand(agent({ prompt_via_stdin: false }), context('Do it')).argv).toEqual(['agent', 'Do it'])
  })

  it('keeps that order with everything a profile can say', () => {
    const profile = agent({
      subcommand: 'exec',
      auto_approve_flag: '--yes',
      output_format_flag: '--json',
      model_flag: '-m',
      timeout_flag: '--timeout',
      working_dir_flag: '--cd',
      system_prompt_flag: '--system',
      allowed_tools_flag: '--tools',
      prompt_flag: '--prompt',
      stdin_sentinel: '-',
      mcp_config_flag: '--mcp',
      mcp_disable_args: ['--mcp', '{}'],
      extra_flags: ['--last'],
    })
    const full = { ...context('Do it'), workingDir: '/work {assets}', timeoutSeconds: 90.5 }
    const config = { model: 'm-1', system_prompt: 'Be brief.', allowed_tools: ['Read', 'Write'], mcp_config: 'mcp.json' }
    expect(buildCommand(profile, { ...full, config }).argv).toEqual([
      ...['agent', 'exec', '--yes', '--json', '-m', 'm-1', '--timeout', '91', '--cd', '/work {assets}'],
      ...['--system', 'Be brief.', '--tools', 'Read,Write', '--prompt', '-', '--mcp', 'mcp.json', '--last'],
    ])
    const bare = ['agent', 'exec', '--yes', '--json', '--prompt', '-', '--mcp', '{}', '--last']
    expect(buildCommand(profile, context('Do it')).argv).toEqual(bare)
  })

  it('names the profile’s own model where the score names none', () => {
    const profile = instrumentProfile.parse({ ...agent({ model_flag: '-m' }), default_model: 'usual' })
    expect(buildCommand(profile, context('')).argv).toEqual(['agent', '-m', 'usual'])
    expect(buildCommand(profile, { ...context(''), config: { model: 'other' } }).argv).toEqual(['agent', '-m', 'other'])
  })

  it.each<[string, object, string[], boolean]>([
    ['a program with a flag for it', { prompt_flag: '--message' }, ['--message', 'Do it'], false],
    ['one without', {}, [], true],
    ['one with a flag and a word for standard input', { prompt_flag: '-i', stdin_sentinel: '-' }, ['-i', '-'], true],
    ['one that is said to read it, flag or not', { prompt_flag: '-p', prompt_via_stdin: true }, [], true],
  ])('gives the prompt to %s', (_, command, args, promptOnStdin) => {
    expect(buildCommand(agent(command), context('Do it'))).toMatchObject({ argv: ['agent', ...args], promptOnStdin })
  })

  it('keeps a long prompt an argument for a program that cannot read it, as long as the system allows', () => {
    const profile = agent({ prompt_flag: '-p', reads_stdin: false })
    expect(buildCommand(profile, context('x'.repeat(100_000))).promptOnStdin).toBe(false)
    const refused = expect.objectContaining({ code: 'INSTRUMENT_PROMPT' })
    expect(() => buildCommand(profile, context('x'.repeat(128 * 1024)))).toThrow(refused)
    expect(() => buildCommand(profile, context('echo \0'))).toThrow(refused)
  })

  it('takes over variables that are set and leaves out entries that name an unset one', () => {
    const profile = agent({ env: { KEY: '${SECRET}/${SECRET}', NONE: 'x${UNSET}', DIR: '{assets}/x', PLAIN: 'a$b' } })
    expect(buildCommand(profile, context('', { SECRET: '$1' })).env).toEqual({
      KEY: '$1/$1',
      DIR: '/opt/Fermata $& app/x',
      PLAIN: 'a$b',
    })
  })
})

describe('the environment an instrument may see', () => {
  const own = { PATH: '/bin', HOME: '/home/a', LC_ALL: 'C', XDG_DATA_HOME: '/d', OPENAI_API_KEY: 'x', SECRET: 'y' }

  it('is the user’s own', () => {
    expect(visibleEnvironment(agent({}), own)).toEqual(own)
  })

  it('is what its profile names and what every program needs, when it names something', () => {
    const { SECRET: _, ...rest } = own
    expect(visibleEnvironment(agent({ required_env: ['OPENAI_API_KEY'] }), own)).toEqual(rest)
    const { OPENAI_API_KEY: __, ...system } = rest
    expect(visibleEnvironment(agent({ required_env: [] }), own)).toEqual(system)
  })
})
