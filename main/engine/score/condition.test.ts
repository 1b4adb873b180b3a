import { describe, expect, it } from 'vitest'
import { conditionHolds, parseCondition } from './condition.ts'

const variables = { stage: 2, voice: 1, total: 0, depth: -3, genre: 'noir', strict: true }

function holds(text: string): boolean {
  const condition = parseCondition(text)
  if (!condition) throw new Error(`"${text}" is no condition`)
  return conditionHolds(condition, variables)
}

describe('a condition', () => {
  it.each([
    ['stage == 2', true],
    ['stage == 3', false],
    ['stage != 2', false],
    ['stage >= 2', true],
    ['stage >= 3', false],
    ['stage <= 1', false],
    ['stage > 1', true],
    ['stage > 2', false],
    ['stage < 3', true],
    ['stage<3', true],
    ['  stage  ==  2  ', true],
    ['depth == -3', true],
    ['total == 0', true],
    ['stage == 2 and voice == 1', true],
    ['stage == 2 and voice == 2', false],
    ['stage == 1 and voice == 1 and total == 0', false],
    ["genre == 'noir'", true],
    ['genre != "noir"', false],
    ["genre == 'sea and sky'", false],
  ])('%s: %s', (text, expected) => {
    expect(holds(text)).toBe(expected)
  })

  it.each(['nope == 1', 'stage == 1 and nope == 1', 'genre == 1', "stage == '2'", 'strict == 1', 'constructor == 1'])(
    'holds where it cannot be judged: %s',
    (text) => {
      expect(holds(text)).toBe(true)
    },
  )

  it.each([
    '',
    'stage',
    'stage = 2',
    'stage == two',
    'stage == 2 or voice == 1',
    'stage in [1, 2]',
    '2 == stage',
    'stage == 2.5',
    'stage == 2 and',
    'and stage == 2',
    "genre > 'a'",
    'stage == 2; voice == 1',
  ])('is not read: %j', (text) => {
    expect(parseCondition(text)).toBeNull()
  })
})
