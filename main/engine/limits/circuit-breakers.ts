import type { Breaker } from '../scheduling/state.ts'
import type { Circuit } from './standing.ts'

/** The first rest after the breaker opened; it doubles with every failure more (Marianne §6.5). */
const FIRST_REST_MS = 30_000

/**
 * Leaves an instrument alone for a while when it failed several times in a row, over all jobs (Marianne §6.5). When the rest
 * is over one sheet probes it: success closes the circuit, failure opens it again, for longer.
 */
export interface CircuitBreakers {
  /** Whether this failure opened a circuit that was closed. A job without a breaker opens none; its successes close one. */
  count(instrument: string, failed: boolean, breaker: Breaker | null, now: number): boolean
  /** Epoch ms; null while the instrument may be used. */
  openUntil(instrument: string, now: number): number | null
  /** The rest is over and nobody knows yet whether it works: one sheet at a time. */
  isProbing(instrument: string, now: number): boolean
  /** The rest is over from now on, if there is one. */
  end(instrument: string, now: number): void
  of(instrument: string): Circuit | null
  restore(instrument: string, circuit: Circuit): void
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
      if (!failed) circuits.delete(instrument)
      if (!failed || !breaker) return false
      const { threshold, recoveryMs } = breaker
      const known = circuits.get(instrument)
      const failures = (known?.failures ?? 0) + 1
      const rest = Math.min(FIRST_REST_MS * 2 ** Math.max(0, failures - threshold), recoveryMs)
      const opens = failures >= threshold
      circuits.set(instrument, { failures, openUntil: opens ? now + rest : (known?.openUntil ?? null) })
      return opens && (known?.openUntil ?? null) === null
    },
    openUntil,
    isProbing: (instrument, now) => (circuits.get(instrument)?.openUntil ?? null) !== null && openUntil(instrument, now) === null,
    end(instrument, now) {
      const circuit = circuits.get(instrument)
      if (circuit && openUntil(instrument, now) !== null) circuits.set(instrument, { ...circuit, openUntil: now })
    },
    of: (instrument) => circuits.get(instrument) ?? null,
    restore: (instrument, circuit) => circuits.set(instrument, circuit),
    shift(ms) {
      for (const [instrument, circuit] of circuits)
        if (circuit.openUntil !== null) circuits.set(instrument, { ...circuit, openUntil: circuit.openUntil + ms })
    },
  }
}
