import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planScore } from './plan.ts'

const plan = (size: number, totalItems: number) => planScore({ sheet: { size, totalItems } }).sheets

describe('planScore', () => {
  it('makes sheets of the given size, the last one of what is left', () => {
    expect(plan(5, 12)).toEqual([
      { number: 1, startItem: 1, endItem: 5 },
      { number: 2, startItem: 6, endItem: 10 },
      { number: 3, startItem: 11, endItem: 12 },
    ])
  })
  it('makes one sheet of few items', () => {
    expect(plan(100, 3)).toEqual([{ number: 1, startItem: 1, endItem: 3 }])
  })
  it('covers every item once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 500 }), (size, total) => {
        const items = plan(size, total).flatMap(({ startItem, endItem }) =>
          Array.from({ length: endItem - startItem + 1 }, (_, index) => startItem + index),
        )
        expect(items).toEqual(Array.from({ length: total }, (_, index) => index + 1))
      }),
    )
  })
})
