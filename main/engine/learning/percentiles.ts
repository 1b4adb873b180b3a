/** Of some figures: a tenth is not above `p10`, half not above `p50`, nine tenths not above `p90`. */
export interface Percentiles {
  readonly p10: number
  readonly p50: number
  readonly p90: number
}

/** By nearest rank, so that each is a figure that was seen; null of none. */
export function percentiles(figures: readonly number[]): Percentiles | null {
  const sorted = figures.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
  return sorted.length === 0 ? null : { p10: at(0.1), p50: at(0.5), p90: at(0.9) }
}
