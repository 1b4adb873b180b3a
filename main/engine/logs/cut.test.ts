import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockBytes, cutFor, markBytes, markFor } from './cut.ts'

const mb = 1024 * 1024

describe('what is taken out of a log', () => {
  it('is nothing while the log is within its cap', () => {
    expect(cutFor(0, 4 * mb)).toBeNull()
    expect(cutFor(4 * mb, 4 * mb)).toBeNull()
  })

  it('is its middle: a quarter of the cap stays at the beginning and half of it at the end', () => {
    expect(cutFor(50 * mb, 4 * mb)).toEqual({ from: mb, to: 48 * mb })
  })

  it('is whole blocks, leaves room for the mark, and brings the log within three quarters of its cap and a block', () => {
    const sizes = fc.integer({ min: 4 * blockBytes, max: 100 * mb })
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 2 ** 40 }), (maxBytes, beyond) => {
        const size = maxBytes + beyond
        const cut = cutFor(size, maxBytes)
        if (cut === null) return expect(size - maxBytes).toBeLessThan(blockBytes)
        expect([cut.from % blockBytes, cut.to % blockBytes]).toEqual([0, 0])
        expect(cut.from).toBeGreaterThanOrEqual(blockBytes)
        expect(cut.to).toBeGreaterThan(cut.from)
        expect(size - cut.to).toBeGreaterThanOrEqual(maxBytes / 2)
        expect(size - (cut.to - cut.from)).toBeLessThanOrEqual(0.75 * maxBytes + blockBytes)
      }),
    )
  })
})

describe('the mark of a cut', () => {
  const log = Buffer.alloc(markBytes, 'x')

  it('is a line of its own that tells how much is missing, those bytes in its place included', () => {
    const mark = markFor(log, { from: mb, to: 3 * mb }, 4_000_000, true)
    expect(mark).toHaveLength(markBytes)
    expect(mark.toString()).toMatch(/^\n\[Fermata left out 2097280 bytes here: this output grew beyond 4 MB\] +\n$/)
  })

  it('counts on when it takes the place of an earlier one', () => {
    const first = markFor(log, { from: mb, to: 3 * mb }, 4_000_000, false)
    expect(first.toString()).toContain('left out about 2097280 bytes')
    const second = markFor(first, { from: mb, to: 2 * mb }, 4_000_000, true)
    expect(second.toString()).toContain(`left out ${3 * mb + markBytes} bytes`)
  })
})
