import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aScore } from '../../../test/support/score.ts'
import { planScore } from './plan.ts'

const items = (sheet: { size: number; total_items: number; start_item?: number }) =>
  planScore(aScore({ sheet })).sheets.map(({ startItem, endItem }) => [startItem, endItem])

describe('planScore', () => {
  it('makes sheets of the given size, the last one of what is left', () => {
    expect(items({ size: 5, total_items: 12 })).toEqual([
      [1, 5],
      [6, 10],
      [11, 12],
    ])
  })
  it('makes one sheet of few items', () => {
    expect(items({ size: 100, total_items: 3 })).toEqual([[1, 3]])
  })
  it('begins with the first item wanted', () => {
    expect(items({ size: 2, total_items: 7, start_item: 4 })).toEqual([
      [4, 5],
      [6, 7],
    ])
  })
  it('counts each copy of a fan-out as an item of its own', () => {
    const { sheets } = planScore(aScore({ sheet: { total_items: 3, fan_out: { 2: 2 } } }))
    expect(sheets.map(({ startItem, endItem }) => [startItem, endItem])).toEqual([1, 2, 3, 4].map((item) => [item, item]))
  })
  it('takes a skip rule as an expression or as a command, wherever it stands', () => {
    const command = { command: 'test -e done' }
    const { sheets } = planScore(
      aScore({ sheets: 3, sheet: { skip_when: { 1: 'True', 2: command }, skip_when_command: { 3: command } } }),
    )
    expect(sheets.map(({ skipWhen }) => skipWhen)).toEqual(['True', null, null])
    expect(sheets.map(({ skipWhenCommand }) => skipWhenCommand?.command)).toEqual([undefined, 'test -e done', 'test -e done'])
  })
  it('covers every item once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 500 }), (size, total) => {
        const covered = items({ size, total_items: total }).flatMap(([start = 0, end = 0]) =>
          Array.from({ length: end - start + 1 }, (_, index) => start + index),
        )
        expect(covered).toEqual(Array.from({ length: total }, (_, index) => index + 1))
      }),
    )
  })

  it('hands every copy of a movement what is said of the movement, and each sheet what is said of the sheet', () => {
    const { sheets, movements } = planScore(
      aScore({
        movements: { 2: { name: 'Verse' } },
        sheet: {
          total_items: 3,
          fan_out: { 2: 2 },
          skip_when: { 2: 'False' },
          skip_when_command: { 3: { command: 'true' } },
          descriptions: { 3: 'the second voice' },
          prelude: [{ file: 'all.md' }],
          cadenzas: { 3: [{ directory: 'own', as: 'skill' }] },
        },
      }),
    )
    expect(movements).toBe(3)
    const lines = sheets.map(({ number, movement, movementName, voice, description, skipWhen, skipWhenCommand, injections }) => {
      const files = injections.map(({ file, directory }) => file ?? directory).join('+')
      return [number, movement, movementName, voice, description, skipWhen, skipWhenCommand?.command ?? null, files]
    })
    expect(lines).toEqual([
      [1, 1, null, 1, null, null, null, 'all.md'],
      [2, 2, 'Verse', 1, null, 'False', null, 'all.md'],
      [3, 2, 'Verse', 2, 'the second voice', 'False', null, 'all.md+own'],
      [4, 3, null, 1, null, null, 'true', 'all.md'],
    ])
  })
})
