import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clipBytes, LineCollector } from './log-line.ts'

function collect(...pieces: readonly Uint8Array[]): string {
  const line = new LineCollector()
  for (const piece of pieces) line.push(Buffer.from(piece))
  return line.take()
}

const text = (value: string) => Buffer.from(value)

describe('a line of a log', () => {
  it('shows what a progress bar showed last', () => {
    expect(collect(text('10%\r20%\r100%'))).toBe('100%')
    expect(collect(text('10%\r20%\r'))).toBe('20%')
    expect(collect(text('windows\r'))).toBe('windows')
    expect(collect(text('\r\r'))).toBe('')
  })

  it('is the same however it is cut into pieces', () => {
    const bytes = fc.array(fc.constantFrom(13, 65, 66, 0xc3, 0xa4, 0xff), { maxLength: 60 })
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(60), { maxLength: 6 }), (all, cuts) => {
        const at = [0, ...cuts.map((cut) => Math.min(cut, all.length)), all.length].sort((a, b) => a - b)
        const pieces = at.slice(1).map((end, index) => Uint8Array.from(all.slice(at[index], end)))
        expect(collect(...pieces)).toBe(collect(Uint8Array.from(all)))
      }),
    )
  })

  it('is clipped with a mark, and a character is not cut in two', () => {
    const shown = collect(text('a'), text('ä'.repeat(clipBytes)))
    expect(shown).toBe(`a${'ä'.repeat(clipBytes / 2 - 1)} … [line clipped: ${2 * clipBytes + 1} bytes]`)
    expect(collect(text('x'.repeat(clipBytes)))).toBe('x'.repeat(clipBytes))
  })

  it('shows bytes that are no UTF-8 as U+FFFD', () => {
    expect(collect(Uint8Array.of(0x61, 0xff, 0x62))).toBe('a\u{fffd}b')
  })

  it('starts anew after it was taken', () => {
    const line = new LineCollector()
    line.push(text('first\r'))
    line.take()
    line.push(text('second'))
    expect(line.take()).toBe('second')
  })
})
