import type { Forecast } from '../../preload/contract.ts'
import { formatDuration, plural } from './format.ts'
import { formatCostRange } from './usage.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** `40–55 min`, `2–3.5 h`; one figure where both look the same. */
export function formatDurationRange(low: number, high: number): string {
  const [by, unit, digits] =
    high < 2 * MINUTE ? ([1000, 's', 0] as const) : high < 3 * HOUR ? ([MINUTE, 'min', 0] as const) : ([HOUR, 'h', 1] as const)
  const [from, to] = [low, high].map((ms) => Number((ms / by).toFixed(digits))) as [number, number]
  if (from === to) return `${to}\u00a0${unit}`
  return from === 0 ? `up to ${to}\u00a0${unit}` : `${from}–${to}\u00a0${unit}`
}

/** `About 40–55 min and $ 2.10–3.40 to go, from 12 runs of this score`; null where too little is known. */
export function forecastText(forecast: Forecast | null): string | null {
  if (!forecast || forecast.basis === null) return null
  const { remainingMs, costUsd, basis, runs } = forecast
  const parts = [
    remainingMs && formatDurationRange(remainingMs.low, remainingMs.high),
    costUsd && costUsd.high > 0 && formatCostRange(costUsd.low, costUsd.high),
  ].filter((part) => typeof part === 'string')
  if (parts.length === 0) return null
  const from = basis === 'this score' ? 'of its sheets' : 'on its instruments, some of other scores'
  return `About ${parts.join(' and ')} to go, from ${plural(runs, 'run')} ${from}`
}

/** `usually 12 min; at 41 min`, once a sheet takes longer than half of those before it took; null before. */
export function overdueText(usualMs: number | null, ranMs: number): string | null {
  if (usualMs === null || ranMs <= usualMs) return null
  return `usually ${formatDuration(usualMs)}; at ${formatDuration(ranMs)}`
}
