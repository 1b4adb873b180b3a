import { describe, expect, it } from 'vitest'
import { closest } from './suggest.ts'

const known = ['instrument', 'sheet', 'name', 'size', 'total_items', 'retry']

describe('closest', () => {
  it.each([
    ['instrumnt', 'instrument'],
    ['instruments', 'instrument'],
    ['nmae', 'name'],
    ['Sheet', 'sheet'],
    ['total-items', 'total_items'],
    ['totalitems', 'total_items'],
    ['rerty', 'retry'],
    ['banana', null],
    ['x', null],
    ['', null],
    ['y'.repeat(10_000), null],
  ])('%j means %j', (word, meant) => {
    expect(closest(word, known)).toBe(meant)
  })
})
