import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aScore } from '../../../test/support/score.ts'
import { dependenciesOf, fanOut, findCycle, linkCount, sheetCount } from './fan-out.ts'

/** `sheet ← the sheets it waits for`, one line a sheet. */
function graph(sheet: object, rest: object = {}): string[] {
  const score = aScore({ sheet, ...rest })
  return dependenciesOf(score, fanOut(score)).map((sources, index) => `${index + 1} ← ${sources.join(' ')}`.trim())
}

describe('fanOut', () => {
  it('numbers the copies of a movement one after another', () => {
    const parts = fanOut(aScore({ sheet: { total_items: 3, fan_out: { 2: 3 } } }))
    expect(parts.map(({ movement, voice, voices }) => `${movement}: ${voice} of ${voices}`)).toEqual([
      '1: 1 of 1',
      '2: 1 of 3',
      '2: 2 of 3',
      '2: 3 of 3',
      '3: 1 of 1',
    ])
  })
  it('takes the voices of a movement for copies, too', () => {
    expect(fanOut(aScore({ sheets: 2, movements: { 1: { voices: 2 } } }))).toHaveLength(3)
  })
  it('starts at the first item wanted', () => {
    expect(fanOut(aScore({ sheet: { size: 2, total_items: 10, start_item: 4 } }))).toHaveLength(4)
  })
})

describe('dependenciesOf', () => {
  it('makes a chain of sheets when nothing is said', () => {
    expect(graph({ total_items: 3 })).toEqual(['1 ←', '2 ← 1', '3 ← 2'])
  })
  it('lets unlisted sheets start at once when anything is said', () => {
    expect(graph({ total_items: 3, dependencies: { 3: [1] } })).toEqual(['1 ←', '2 ←', '3 ← 1'])
  })
  it.each([
    ['one to all', { 2: 3 }, ['1 ←', '2 ← 1', '3 ← 1', '4 ← 1']],
    ['all to one', { 1: 3 }, ['1 ←', '2 ←', '3 ←', '4 ← 1 2 3']],
    ['one to one where there are as many', { 1: 2, 2: 2 }, ['1 ←', '2 ←', '3 ← 1', '4 ← 2']],
    ['all to all where there are more or fewer', { 1: 2, 2: 3 }, ['1 ←', '2 ←', '3 ← 1 2', '4 ← 1 2', '5 ← 1 2']],
  ])('leads %s', (_, fan_out, lines) => {
    expect(graph({ total_items: 2, fan_out, dependencies: { 2: [1] } })).toEqual(lines)
    expect(graph({ total_items: 2, fan_out })).toEqual(lines)
  })
  it('treats each of several sources by itself, in order and once', () => {
    const sheet = { total_items: 3, fan_out: { 1: 2, 3: 2 }, dependencies: { 3: [2, 1, 2] } }
    expect(graph(sheet)).toEqual(['1 ←', '2 ←', '3 ←', '4 ← 1 3', '5 ← 2 3'])
  })
})

const layout = fc.record({
  total_items: fc.constant(6),
  fan_out: fc.dictionary(fc.constantFrom('1', '2', '3', '4', '5', '6', '9'), fc.integer({ min: 1, max: 5 })),
  dependencies: fc.dictionary(fc.constantFrom('2', '3', '4'), fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 3 })),
})

describe('counting without making', () => {
  it('agrees with what is made', () => {
    fc.assert(
      fc.property(layout, (sheet) => {
        const score = aScore({ sheet })
        const parts = fanOut(score)
        expect(sheetCount(score)).toBe(parts.length)
        expect(linkCount(score)).toBe(dependenciesOf(score, parts).flat().length)
      }),
    )
  })
})

describe('findCycle', () => {
  it.each([
    [{ 2: [1], 3: [2] }, null],
    [{ 1: [2], 2: [1] }, [1, 2, 1]],
    [{ 5: [4], 4: [3, 1], 3: [5] }, [3, 5, 4, 3]],
    [{ 2: [1], 3: [1], 4: [2, 3] }, null],
  ])('in %j finds %j', (dependencies, cycle) => {
    expect(findCycle(dependencies as unknown as Record<string, number[]>)).toEqual(cycle)
  })
  it('goes along a chain of ten thousand', () => {
    const chain = Array.from({ length: 10_000 }, (_, index) => [String(index + 1), [index]] as const)
    expect(findCycle(Object.fromEntries(chain.map(([number, sources]) => [number, [...sources]])))).toBeNull()
  })
})
