import { describe, expect, it } from 'vitest'
import { compilePattern } from './pattern.ts'

describe('compilePattern', () => {
  it.each([
    ['^# ', 'a\n# b', true],
    ['(?i)^HELLO$', 'x\nhello', true],
    ['HELLO', 'hello', false],
    ['(?s)a.b', 'a\nb', true],
    ['a.b', 'a\nb', false],
    ['\\Ab', 'a\nb', false],
    ['b\\Z', 'a\nb', true],
    ['a\\Z', 'a\nb', false],
    ['(?P<q>[ab])(?P=q)', 'xbb', true],
    ['(?P<q>[ab])(?P=q)', 'xab', false],
    ['\\\\A', 'x\\A', true],
  ])('%s in %j', (pattern, text, found) => {
    expect(compilePattern(pattern).test(text)).toBe(found)
  })
  it('refuses what is not a pattern', () => {
    expect(() => compilePattern('(')).toThrow(SyntaxError)
  })
})
