import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadCatalogue } from './catalogue.ts'
import { buildCommand } from './command.ts'
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

  it('takes over variables that are set and leaves out entries that name an unset one', () => {
    const profile = agent({ env: { KEY: '${SECRET}/${SECRET}', NONE: 'x${UNSET}', DIR: '{assets}/x', PLAIN: 'a$b' } })
    expect(buildCommand(profile, context('', { SECRET: '$1' })).env).toEqual({
      KEY: '$1/$1',
      DIR: '/opt/Fermata $& app/x',
      PLAIN: 'a$b',
    })
  })
})
