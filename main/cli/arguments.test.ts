import { describe, expect, it } from 'vitest'
import { parseArguments } from './arguments.ts'

const NOTHING_MORE = { dryRun: false, noReload: false, escalate: false, startSheet: null }

describe('the command line', () => {
  it('needs nothing but a score', () => {
    expect(parseArguments(['hello.yaml'])).toEqual({
      kind: 'run',
      score: 'hello.yaml',
      dataDir: null,
      workspace: null,
      json: false,
      fresh: false,
      ...NOTHING_MORE,
    })
  })

  it('takes its options in any order', () => {
    const args = ['--json', '--data-dir', 'data', 'hello.yaml', '--workspace=work', '--headless', '--fresh']
    expect(parseArguments(args)).toEqual({
      kind: 'run',
      score: 'hello.yaml',
      dataDir: 'data',
      workspace: 'work',
      json: true,
      fresh: true,
      ...NOTHING_MORE,
    })
  })

  it('takes a score whose name looks like an option after --', () => {
    expect(parseArguments(['--', '--odd.yaml'])).toMatchObject({ kind: 'run', score: '--odd.yaml' })
  })

  it.each([
    [['--help'], 'help'],
    [['-h', 'hello.yaml'], 'help'],
    [['--version'], 'version'],
  ])('answers %s with %s', (args, kind) => expect(parseArguments(args)).toEqual({ kind }))

  it.each([
    [[], 'No score file was named.'],
    [['a.yaml', 'b.yaml', 'c.yaml'], 'One score at a time: "b.yaml", "c.yaml" is too much.'],
    [['a.yaml', '--colour'], "Unknown option '--colour'."],
    [['a.yaml', '--data-dir'], "Option '--data-dir <value>' argument missing."],
    [['a.yaml', '--data-dir='], '--data-dir needs a folder.'],
    [['a.yaml', '--start-sheet', 'two'], '--start-sheet needs the number of a sheet.'],
    [['a.yaml', '--json=yes'], "Option '--json' does not take an argument."],
  ])('refuses %j in one sentence', (args, message) => {
    expect(parseArguments(args)).toEqual({ kind: 'refused', message, remedy: 'See fermata --help.', json: false })
  })

  it('remembers that programs read its refusal', () => {
    expect(parseArguments(['--json'])).toMatchObject({ kind: 'refused', json: true })
  })
})
