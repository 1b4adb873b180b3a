import { describe, expect, it } from 'vitest'
import { isCritical, pressureOf } from './pressure.ts'

const LIMITS = { minFreeMemoryPercent: 10, maxProcesses: 100 }
const strain = (freeMemoryPercent: number | null, processes = 5) => ({ freeMemoryPercent, processes })

describe('pressure on the computer', () => {
  it.each([
    ['plenty of memory', strain(60), false, null],
    ['too little memory', strain(9.6), false, 'the computer is short of memory (9 % free)'],
    ['a little more than too little, while it starts things', strain(12), false, null],
    ['the same, after it was short', strain(12), true, 'the computer is short of memory (12 % free)'],
    ['enough again', strain(15), true, null],
    ['a system that does not tell', strain(null), false, null],
    ['too many processes', strain(60, 100), false, 'the running sheets have 100 processes, the most is 100'],
  ])('with %s', (_what, given, pressed, reason) => expect(pressureOf(given, LIMITS, pressed)).toBe(reason))

  it('is never felt where its limits are switched off', () => {
    expect(pressureOf(strain(0, 9999), { minFreeMemoryPercent: 0, maxProcesses: 0 }, true)).toBeNull()
    expect(isCritical(strain(0), { minFreeMemoryPercent: 0, maxProcesses: 0 })).toBe(false)
  })

  it('is critical at half of what should be free', () => {
    expect([strain(5), strain(4.9), strain(null)].map((given) => isCritical(given, LIMITS))).toEqual([false, true, false])
  })
})
