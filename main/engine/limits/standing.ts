import type { Station } from '../scheduling/state.ts'

/** What is to happen when a limit ends: its sheets go on by themselves, or not before their user says so. */
export type LimitMode = 'at_reset' | 'never'

/**
 * A rate limit that an instrument met. It stays known after its end, until an attempt has shown that the instrument can be used
 * again. `model` is null when the limit is the whole instrument's. Times are epoch ms.
 */
export interface RateLimit extends Station {
  readonly until: number
  readonly mode: LimitMode
  readonly since: number
  /** In the instrument's own words. */
  readonly message: string
  /** When the first attempt after its end began; null before. */
  readonly triedAt: number | null
}

/** How often an instrument failed in a row, and until when it is left alone for that (epoch ms); null while it may be used. */
export interface Circuit {
  readonly failures: number
  readonly openUntil: number | null
}

/** An instrument that wants a login nobody but its user can make. */
export interface Refusal {
  /** Epoch ms. */
  readonly since: number
  /** In the instrument's own words. */
  readonly message: string
}

/** All that keeps an instrument from being used. */
export interface Standing {
  readonly limits: readonly RateLimit[]
  readonly circuit: Circuit | null
  readonly refusal: Refusal | null
}

/** Where standings are kept while Fermata is away, by instrument. */
export interface StandingStore {
  load(): ReadonlyMap<string, Standing>
  /**
   * Whether it was written. Never throws.
   * @param standing null when there is nothing to know of the instrument any more
   */
  keep(instrument: string, standing: Standing | null): boolean
}
