import { describe, expect, it } from 'vitest'
import { amountAt, matches, textAt, valuesAt } from './json-paths.ts'

const value = {
  models: { a: { tokens: { in: 3 } }, b: { tokens: { in: 4 } }, c: 'none' },
  list: [{ text: 'one' }, { text: ' two ' }, { other: 3 }],
  '0': 'a key',
}

describe('a path', () => {
  it.each([
    ['models.a.tokens.in', [3]],
    ['models.*.tokens.in', [3, 4]],
    ['list.*.text', ['one', ' two ']],
    ['list.0.text', ['one']],
    ['list.-2.text', [' two ']],
    ['list.9.text', []],
    ['0', ['a key']],
    ['list.length', []],
    ['models.constructor', []],
    ['models.a.tokens.in.more', []],
    ['nothing.*', []],
  ])('%s leads to %j', (path, found) => {
    expect(valuesAt(value, path)).toEqual(found)
  })

  it('leads to texts and amounts, whatever else stands there', () => {
    expect(textAt(value, 'list.*.*')).toBe('one\ntwo')
    expect(amountAt(value, ['models.*.tokens.in', 'list.2.other'])).toBe(10)
    expect(amountAt(value, ['models.c', 'nothing'])).toBeNull()
    expect(matches(value, { 'models.a.tokens.in': 3, 'list.0.text': 'one' })).toBe(true)
    expect(matches(value, { 'models.a.tokens.in': 4 })).toBe(false)
  })
})
