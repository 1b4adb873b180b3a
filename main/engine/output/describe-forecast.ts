import type { JobForecast, Range } from '../learning/job-forecast.ts'
import { formatCost, formatCount, formatDuration } from './format.ts'

/** "about 12 min 00 s (9 min 00 s to 20 min 00 s), $0.40, 34k (29k to 50k) tokens, as in 14 runs of its sheets"; null where nothing is known. */
export function describeForecast({ remainingMs, costUsd, tokens, basis, runs }: JobForecast): string | null {
  if (basis === null) return null
  const parts = [
    ranged(remainingMs, formatDuration),
    ranged(costUsd, formatCost),
    tokens && `${ranged(tokens, formatCount)} tokens`,
  ].filter((part) => part !== null)
  const times = runs === 1 ? 'one run' : `${runs} runs`
  const from = basis === 'this score' ? 'of its sheets' : 'on the same instruments, some with other scores'
  return `about ${parts.join(', ')}, as in ${times} ${from}`
}

function ranged(range: Range | null, format: (figure: number) => string): string | null {
  if (range === null) return null
  const [low, mid, high] = [range.low, range.mid, range.high].map(format)
  return low === high ? `${mid}` : `${mid} (${low} to ${high})`
}
