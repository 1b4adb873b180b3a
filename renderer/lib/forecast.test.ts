import { describe, expect, it } from 'vitest'
import type { Forecast } from '../../preload/contract.ts'
import { forecastText, formatDurationRange, overdueText } from './forecast.ts'

const MINUTE = 60_000
const plain = (text: string | null) => text?.replaceAll('\u00a0', ' ') ?? null
const forecast = (parts: Partial<Forecast> = {}): Forecast => ({
  remainingMs: { low: 40 * MINUTE, mid: 45 * MINUTE, high: 55 * MINUTE },
  tokens: null,
  costUsd: { low: 2.1, mid: 2.5, high: 3.4 },
  basis: 'this score',
  runs: 12,
  ...parts,
})

describe('what is still to come', () => {
  it('is told with its range and what it rests upon', () => {
    expect(plain(forecastText(forecast()))).toBe('About 40–55 min and $ 2.10–3.40 to go, from 12 runs of its sheets')
    expect(plain(forecastText(forecast({ costUsd: null, basis: 'this instrument', runs: 1 })))).toBe(
      'About 40–55 min to go, from 1 run on its instruments, some of other scores',
    )
  })

  it('is not guessed', () => {
    expect([null, forecast({ basis: null }), forecast({ remainingMs: null, costUsd: null })].map(forecastText)).toEqual([
      null,
      null,
      null,
    ])
  })

  it.each([
    [20_000, 90_000, '20–90 s'],
    [0, 8 * MINUTE, 'up to 8 min'],
    [12 * MINUTE, 12.2 * MINUTE, '12 min'],
    [120 * MINUTE, 210 * MINUTE, '2–3.5 h'],
  ])('%d to %d ms', (low, high, text) => {
    expect(plain(formatDurationRange(low, high))).toBe(text)
  })

  it('says that a sheet takes longer than usual, and not before', () => {
    expect(plain(overdueText(12 * MINUTE, 41 * MINUTE))).toBe('usually 12 min; at 41 min')
    expect([overdueText(12 * MINUTE, 12 * MINUTE), overdueText(null, 41 * MINUTE)]).toEqual([null, null])
  })
})
