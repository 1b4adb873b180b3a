/** One measured figure next to a bare one taken in the same run, so that the ratio says something on any machine. */
export interface Row {
  readonly what: string
  readonly value: number
  readonly bare: number
  readonly unit: string
}

export interface Bench {
  readonly name: string
  run(): Promise<readonly Row[]>
}

/** The value below which the share `p` (0–1) of the samples lies. */
export function quantile(samples: readonly number[], p: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN
}
