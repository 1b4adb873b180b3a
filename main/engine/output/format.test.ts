import { describe, expect, it } from 'vitest'
import { formatCost, formatCount, formatDuration, formatElapsed, formatTime, printable, progressBar } from './format.ts'

describe('numbers on a terminal', () => {
  it.each([
    [-5, '0.0 s'],
    [0, '0.0 s'],
    [440, '0.4 s'],
    [9940, '9.9 s'],
    [9960, '10 s'],
    [59_400, '59 s'],
    [59_600, '1 min 00 s'],
    [185_000, '3 min 05 s'],
    [3_599_400, '59 min 59 s'],
    [3_599_600, '1 h 00 min'],
    [7_620_000, '2 h 07 min'],
  ])('shows %d ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text))

  it.each([
    [-1, '0 s'],
    [9990, '9 s'],
    [185_900, '3 min 05 s'],
  ])('counts %d ms as %s', (ms, text) => expect(formatElapsed(ms)).toBe(text))

  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1.0k'],
    [1240, '1.2k'],
    [9960, '10k'],
    [34_400, '34k'],
    [999_499, '999k'],
    [999_500, '1.0M'],
    [3_400_000, '3.4M'],
  ])('shows %d tokens as %s', (count, text) => expect(formatCount(count)).toBe(text))

  it.each([
    [0, '$0.00'],
    [0.00314, '$0.0031'],
    [0.01, '$0.01'],
    [12.345, '$12.35'],
  ])('shows %d US dollars as %s', (usd, text) => expect(formatCost(usd)).toBe(text))

  it('names the day only when it is not today', () => {
    const noon = new Date(2026, 4, 9, 12).getTime()
    expect(formatTime(noon + 65 * 60_000, noon)).toBe('13:05')
    expect(formatTime(noon + 13 * 3_600_000, noon)).toBe('10 May 01:00')
  })
})

describe('the progress bar', () => {
  it.each([
    [0, 4, '░░░░░░░░'],
    [1, 4, '██░░░░░░'],
    [99, 100, '███████░'],
    [4, 4, '████████'],
    [5, 4, '████████'],
    [0, 0, '████████'],
  ])('of %d out of %d is %s', (completed, total, bar) => expect(progressBar(completed, total, 8)).toBe(bar))
})

describe('text from elsewhere', () => {
  it('cannot drive the terminal', () => {
    expect(printable('\u001b[2Jgone\r\nnext\u009b31m\u0007')).toBe('[2Jgone next 31m')
  })
})
