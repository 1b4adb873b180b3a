import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { fillCommand, fillPath } from './placeholders.ts'

const nasty = ['plain', 'two words', "it's", 'say "hi"', '$HOME', '`id`', '$(id)', 'back\\slash', 'semi;colon', '*', '!']

describe('placeholders of a path', () => {
  it('are filled from the variables', () => {
    expect(fillPath('{workspace}/{sheet_num}.md', { workspace: '/w', sheet_num: 3 })).toBe('/w/3.md')
  })

  it('that name nothing are refused with the names there are', () => {
    expect(() => fillPath('{sheet}.md', { sheet_num: 1, workspace: '/w' })).toThrowError(
      expect.objectContaining({ code: 'PLACEHOLDER_UNKNOWN', remedy: 'Known names: sheet_num, workspace.' }),
    )
    expect(() => fillPath('{constructor}', {})).toThrow(/constructor/)
  })
})

describe('placeholders of a command', () => {
  it.each([
    ['bare', 'printf %s {value}'],
    ['in double quotes', 'printf %s "{value}"'],
    ['in single quotes', "printf %s '{value}'"],
  ])('reach a real shell unchanged and unread, %s', (_, command) => {
    for (const value of nasty) {
      expect(execFileSync('bash', ['-c', fillCommand(command, { value })], { encoding: 'utf8' })).toBe(value)
    }
  })

  it('stay out of the way of the shell: its own braces and escapes are left alone', () => {
    expect(fillCommand('echo ${HOME} {a,b} \\{name} {other}', { name: 'x', HOME: 'y' })).toBe(
      'echo ${HOME} {a,b} \\{name} {other}',
    )
  })
})
