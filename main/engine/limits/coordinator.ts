import type { Limits } from '../scheduling/dispatch.ts'
import type { Breaker, Station } from '../scheduling/state.ts'
import type { LimitWait } from '../views.ts'
import { createCircuitBreakers } from './circuit-breakers.ts'
import { createRateLimits } from './rate-limits.ts'
import type { LimitMode, Refusal, Standing, StandingStore } from './standing.ts'

/** What one profile allows at once. */
export interface Capacity {
  /** Sheets on the instrument, and on each of its models by name. */
  readonly instrument: number
  readonly models: ReadonlyMap<string, number>
}

/** Marianne §7.5: sheets on one instrument at once, unless its profile says otherwise. */
export const DEFAULT_CAPACITY = 4

export interface CoordinatorOptions {
  readonly maxSheets: number
  capacityOf(instrument: string): Capacity
  /** Why the computer should not be given more to do just now; null when it may. */
  pressure?(): string | null
  /** Where limits, rests and refusals outlive Fermata; nowhere unless given. */
  readonly store?: StandingStore
}

/** Knows over all jobs which instruments may be used now, and how often. Times are epoch ms. */
export class LimitCoordinator {
  readonly #rateLimits = createRateLimits()
  readonly #breakers = createCircuitBreakers()
  readonly #refusals = new Map<string, Refusal>()
  readonly #options: CoordinatorOptions
  /** What the store has, as text: only what changed is written. */
  readonly #kept = new Map<string, string>()

  constructor(options: CoordinatorOptions) {
    this.#options = options
    for (const [instrument, standing] of options.store?.load() ?? []) {
      const { limits, circuit, refusal } = standing
      this.#rateLimits.restore(limits)
      if (circuit) this.#breakers.restore(instrument, circuit)
      if (refusal) this.#refusals.set(instrument, refusal)
      this.#kept.set(instrument, JSON.stringify(standing))
    }
  }

  /** Nobody uses the station before `until`, nor as many as ever before one sheet has shown that it works again. */
  limit(station: Station, until: number, now: number, message: string): void {
    this.#rateLimits.report(station, until, now, message)
    this.#keep(station.instrument)
  }

  /** Nobody uses the instrument before {@link retry}. Whether that is news. */
  refuse(instrument: string, message: string, now: number): boolean {
    if (this.#refusals.has(instrument)) return false
    this.#refusals.set(instrument, { since: now, message })
    this.#keep(instrument)
    return true
  }

  /** An attempt on the station has begun. */
  began(station: Station, now: number): void {
    this.#rateLimits.began(station, now)
    this.#keep(station.instrument)
  }

  /** How an attempt on the station went. Whether the instrument rests from now on, after it had not. */
  count(station: Station, failed: boolean, breaker: Breaker | null, now: number): boolean {
    if (!failed) this.#rateLimits.proven(station, now)
    const opened = this.#breakers.count(station.instrument, failed, breaker, now)
    this.#keep(station.instrument)
    return opened
  }

  /** What happens when a limit ends; whether there is that limit, and it is not over. */
  setMode(station: Station, mode: LimitMode, now: number): boolean {
    const found = this.#rateLimits.setMode(station, mode, now)
    this.#keep(station.instrument)
    return found
  }

  /** The limit counts as over: one sheet tries first. Whether there was one. */
  end(station: Station, now: number): boolean {
    const found = this.#rateLimits.end(station, now)
    this.#keep(station.instrument)
    return found
  }

  /** Lets an instrument be used again before its limits end; how many limits there were. */
  clear(instrument: string, now: number): number {
    const ended = this.#rateLimits.endAll(instrument, now)
    this.#keep(instrument)
    return ended
  }

  /** Lets an instrument be used again whatever kept it from that; one sheet tries first. */
  retry(instrument: string, now: number): void {
    this.#rateLimits.endAll(instrument, now)
    this.#breakers.end(instrument, now)
    // Its user says that it works now; one sheet shows whether it does.
    const whole = { instrument, model: null }
    if (this.#refusals.delete(instrument) && this.#rateLimits.trial(whole, now) === null) this.#tryFirst(whole, now)
    this.#keep(instrument)
  }

  /** The wall clock was set by `ms`. */
  shift(ms: number): void {
    this.#rateLimits.shift(ms)
    this.#breakers.shift(ms)
    for (const instrument of [...this.#kept.keys()]) this.#keep(instrument)
  }

  /** All that is known against an instrument, with limits and rests that are over but not yet shown to be. */
  standing(instrument: string): Standing {
    return {
      limits: this.#rateLimits.of(instrument),
      circuit: this.#breakers.of(instrument),
      refusal: this.#refusals.get(instrument) ?? null,
    }
  }

  /** What keeps the station from being used now; null when nothing does. */
  waitFor(station: Station, now: number): LimitWait | null {
    const { instrument } = station
    if (this.#refusals.has(instrument)) return { ...station, cause: 'login', until: null, mode: 'never' }
    const limited = this.#rateLimits.until(station, now)
    if (limited !== null) {
      const forGood = limited === Number.POSITIVE_INFINITY
      const mode = forGood ? 'never' : 'at_reset'
      return { ...station, cause: 'rate_limit', until: forGood ? null : limited, mode }
    }
    const until = this.#breakers.openUntil(instrument, now)
    return until === null ? null : { ...station, cause: 'rest', until, mode: 'at_reset' }
  }

  /** Limits as the dispatcher sees them at `now`. */
  at(now: number): Limits {
    const { maxSheets, capacityOf, pressure } = this.#options
    return {
      maxSheets,
      pressure: pressure?.() ?? null,
      capacity: (instrument) => capacityOf(instrument).instrument,
      modelCapacity: ({ instrument, model }) => (model === null ? null : (capacityOf(instrument).models.get(model) ?? null)),
      trial: (station) =>
        this.#breakers.isProbing(station.instrument, now)
          ? { begun: true, until: Number.POSITIVE_INFINITY, whole: true }
          : this.#rateLimits.trial(station, now),
      limitedUntil: (station) => this.#rateLimits.until(station, now),
      brokenUntil: ({ instrument }) => this.#breakers.openUntil(instrument, now),
      refusal: ({ instrument }) => this.#refusals.get(instrument)?.message ?? null,
    }
  }

  #tryFirst(station: Station, now: number): void {
    this.#rateLimits.restore([{ ...station, until: now, mode: 'at_reset', since: now, message: '', triedAt: null }])
  }

  #keep(instrument: string): void {
    const standing = this.standing(instrument)
    const isEmpty = standing.limits.length === 0 && standing.circuit === null && standing.refusal === null
    const text = isEmpty ? undefined : JSON.stringify(standing)
    if (this.#kept.get(instrument) === text) return
    // What could not be written is written with the next change.
    if (this.#options.store?.keep(instrument, isEmpty ? null : standing) === false) return
    if (text === undefined) this.#kept.delete(instrument)
    else this.#kept.set(instrument, text)
  }
}
