import type { Breaker } from '../scheduling/state.ts'

interface Circuit {
  failures: number
  /** Epoch ms; null while closed. */
  openUntil: number | null
}

/** The first rest after the breaker opened; it doubles with every failure more (Marianne §6.5). */
const FIRST_REST_MS = 30_000

/**
 * Leaves an instrument alone for a while when it failed several times in a row, over all jobs (Marianne §6.5). When the rest
 * is over one sheet probes it: success closes the circuit, failure opens it again, for longer.
 */
export interface CircuitBreakers {
  count(instrument: string, failed: boolean, breaker: Breaker | null, now: number): void
  /** Epoch ms; null while the instrument may be used. */
  openUntil(instrument: string, now: number): number | null
  /** The rest is over and nobody knows yet whether it works: one sheet at a time. */
  isProbing(instrument: string, now: number): boolean
  /** The wall clock was set by `ms`: rests end as much later. */
  shift(ms: number): void
}

export function createCircuitBreakers(): CircuitBreakers {
  const circuits = new Map<string, Circuit>()
  const openUntil = (instrument: string, now: number): number | null => {
    const until = circuits.get(instrument)?.openUntil ?? null
    return until !== null && until > now ? until : null
  }
  return {
    count(instrument, failed, breaker, now) {
      if (!failed || !breaker) {
        circuits.delete(instrument)
        return
      }
      const { threshold, recoveryMs } = breaker
      const failures = (circuits.get(instrument)?.failures ?? 0) + 1
      const rest = Math.min(FIRST_REST_MS * 2 ** Math.max(0, failures - threshold), recoveryMs)
      circuits.set(instrument, { failures, openUntil: failures >= threshold ? now + rest : null })
    },
    openUntil,
    isProbing: (instrument, now) => (circuits.get(instrument)?.openUntil ?? null) !== null && openUntil(instrument, now) === null,
    shift(ms) {
      for (const circuit of circuits.values()) if (circuit.openUntil !== null) circuit.openUntil += ms
    },
  }
}
