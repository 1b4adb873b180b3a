import type { Limits } from '../scheduling/dispatch.ts'
import type { Breaker, Station } from '../scheduling/state.ts'
import { createCircuitBreakers } from './circuit-breakers.ts'
import { createRateLimits } from './rate-limits.ts'

/** What one profile allows at once. */
export interface Capacity {
  /** Sheets on the instrument, and on each of its models by name. */
  readonly instrument: number
  readonly models: ReadonlyMap<string, number>
}

/** Marianne §7.5: sheets on one instrument at once, unless its profile says otherwise. */
export const DEFAULT_CAPACITY = 4

/** Knows over all jobs which instruments may be used now, and how often. Times are epoch ms. */
export class LimitCoordinator {
  readonly #rateLimits = createRateLimits()
  readonly #breakers = createCircuitBreakers()
  readonly #maxSheets: number
  readonly #pressure: () => string | null
  readonly #capacityOf: (instrument: string) => Capacity

  /** @param pressure why the computer should not be given more to do just now; null when it may */
  constructor(maxSheets: number, capacityOf: (instrument: string) => Capacity, pressure: () => string | null = () => null) {
    this.#pressure = pressure
    this.#maxSheets = maxSheets
    this.#capacityOf = capacityOf
  }

  limit(station: Station, until: number, now: number): void {
    this.#rateLimits.report(station, until, now)
  }

  count(instrument: string, failed: boolean, breaker: Breaker | null, now: number): void {
    this.#breakers.count(instrument, failed, breaker, now)
  }

  /** Lets an instrument be used again before its limit ends; how many limits were forgotten. */
  clear(instrument: string): number {
    return this.#rateLimits.clear(instrument)
  }

  /** The wall clock was set by `ms`. */
  shift(ms: number): void {
    this.#rateLimits.shift(ms)
    this.#breakers.shift(ms)
  }

  /** Limits as the dispatcher sees them at `now`. */
  at(now: number): Limits {
    return {
      maxSheets: this.#maxSheets,
      pressure: this.#pressure(),
      capacity: (instrument) => (this.#breakers.isProbing(instrument, now) ? 1 : this.#capacityOf(instrument).instrument),
      // A probe is one sheet, whatever its model.
      modelCapacity: ({ instrument, model }) =>
        model === null || this.#breakers.isProbing(instrument, now)
          ? null
          : (this.#capacityOf(instrument).models.get(model) ?? null),
      limitedUntil: (station) => this.#rateLimits.until(station, now),
      brokenUntil: ({ instrument }) => this.#breakers.openUntil(instrument, now),
    }
  }
}
