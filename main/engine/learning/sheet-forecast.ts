import type { Outcome } from './outcome.ts'
import { type Percentiles, percentiles } from './percentiles.ts'

/** A way in which attempts failed. */
export interface CommonFailure {
  readonly code: string | null
  readonly message: string
  readonly count: number
}

/** What is to be expected of an attempt, from those before it. */
export interface SheetForecast {
  /** The attempts it rests upon. */
  readonly runs: number
  /** Of those that succeeded; null while none has. */
  readonly durationMs: Percentiles | null
  /** Fresh input, cache writes and output. */
  readonly tokens: Percentiles | null
  /** USD; null where no cost is known. */
  readonly costUsd: Percentiles | null
  /** Share (0–1) of the attempts that succeeded. */
  readonly successRate: number
  /** Share (0–1) of the first attempts that succeeded; null where none is known. */
  readonly firstTryRate: number | null
  /** The commonest first. */
  readonly commonFailures: readonly CommonFailure[]
}

const FAILURES_NAMED = 5

/** @param outcomes newest first; null of none */
export function sheetForecast(outcomes: readonly Outcome[]): SheetForecast | null {
  if (outcomes.length === 0) return null
  const succeeded = outcomes.filter((outcome) => outcome.succeeded)
  const first = outcomes.filter(({ attempt }) => attempt === 1)
  return {
    runs: outcomes.length,
    durationMs: percentiles(succeeded.map(({ durationMs }) => durationMs)),
    tokens: percentiles(succeeded.flatMap(({ tokens }) => tokens ?? [])),
    costUsd: percentiles(succeeded.flatMap(({ costUsd }) => costUsd ?? [])),
    successRate: succeeded.length / outcomes.length,
    firstTryRate: first.length === 0 ? null : first.filter((outcome) => outcome.succeeded).length / first.length,
    commonFailures: commonFailures(outcomes).slice(0, FAILURES_NAMED),
  }
}

/** Each way in which these failed, once: the commonest first, of equally common ones the newest. */
export function commonFailures(outcomes: readonly Outcome[]): readonly CommonFailure[] {
  const found = new Map<string, CommonFailure>()
  for (const { succeeded, errorCode: code, errorMessage } of outcomes) {
    if (succeeded) continue
    const message = errorMessage ?? 'It failed'
    const key = `${code} ${message}`
    found.set(key, { code, message, count: (found.get(key)?.count ?? 0) + 1 })
  }
  return [...found.values()].sort((a, b) => b.count - a.count)
}
