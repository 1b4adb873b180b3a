import { describe, expect, it } from 'vitest'
import { GROUPS, type NumberField, readNumber } from './fields.ts'

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

  it.each(['', '-1', '36501', '1.5', '1e3', 'many', '0x10'])('%j is refused with the range', (text) => {
    expect(readNumber(text, field('keepLogsDays'))).toEqual({ problem: 'A whole number from 0 to 36,500.' })
  })

  it('may have parts where the unit has', () => {
    expect(readNumber('1.5', field('jobTimeoutHours'))).toEqual({ value: 1.5 })
    expect(readNumber('x', field('jobTimeoutHours'))).toEqual({ problem: 'A number from 0 to 8,760.' })
  })
})
