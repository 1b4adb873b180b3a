import { describe, expect, it } from 'vitest'
import { formatNumber, GROUPS, type NumberField, readNumber } from './fields.ts'

const field = (key: string): NumberField => {
  const found = GROUPS.flatMap(({ fields }) => fields).find((candidate) => candidate.key === key)
  if (found?.kind !== 'number') throw new Error(`${key} is no number`)
  return found
}

describe('a typed number', () => {
  it.each([
    ['7', 7],
    [' 20,480 ', 20_480],
    ['36 500', 36_500],
  ])('%s is read as people mean it', (text, value) => {
    expect(readNumber(text, field('keepLogsDays'))).toEqual({ value })
  })

  it.each(['', '-1', '36501', '1.5', '1,5', '1,50', '2 0', '36,5,00', '1e3', 'many', '0x10', '١٢'])(
    '%j is refused with the range',
    (text) => {
      expect(readNumber(text, field('keepLogsDays'))).toEqual({ problem: 'A whole number from 0 to 36,500.' })
    },
  )

  it('may have parts where the unit has', () => {
    const read = (text: string) => readNumber(text, field('jobTimeoutHours'))
    expect(['1.5', '1,5', '0,25', '1,500', '1,500.25', '0.01'].map(read)).toEqual(
      [1.5, 1.5, 0.25, 1500, 1500.25, 0.01].map((value) => ({ value })),
    )
    for (const text of ['x', '0.001', '0,125', '1,5,0', '1.', ',5'])
      expect(read(text)).toEqual({ problem: 'A number from 0 to 8,760, in steps of 0.01.' })
  })

  it('never looks like 0 when it is not, nor longer than it is', () => {
    expect([0, 0.00001, 1.1, 20_480].map(formatNumber)).toEqual(['0', '0.00001', '1.1', '20,480'])
  })
})
