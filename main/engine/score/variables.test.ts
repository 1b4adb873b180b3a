import { describe, expect, it } from 'vitest'
import { storedDict, storedFloat, variableText } from './variables.ts'

describe('variableText', () => {
  it.each([
    ['a text', 'a text'],
    [3, '3'],
    [0.5, '0.5'],
    [storedFloat(384), '384.0'],
    [true, 'True'],
    [null, 'None'],
    [['a', 1], "['a', 1]"],
    [{ b: 1, a: null }, "{'b': 1, 'a': None}"],
    [
      storedDict([
        [2, 'b'],
        [1, 'a'],
      ]),
      "{2: 'b', 1: 'a'}",
    ],
    [storedDict([['$float', 3]]), "{'$float': 3}"],
    [storedDict([['$dict', []]]), "{'$dict': []}"],
  ])('prints %j as a template would', (value, text) => {
    expect(variableText(value)).toBe(text)
    expect(variableText(JSON.parse(JSON.stringify(value)))).toBe(text)
  })
  it('stores plain objects where nothing is lost', () => {
    expect(storedDict([['a', 1]])).toEqual({ a: 1 })
    expect(storedFloat(1.5)).toBe(1.5)
  })
})
