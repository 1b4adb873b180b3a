import type { Station } from '../scheduling/state.ts'

const LONGEST_MS = 7 * 24 * 3_600_000

/** An instrument nobody uses before a time. `model` is null when the limit is the whole instrument's. */
export interface ActiveLimit extends Station {
  /** Epoch ms. */
  readonly until: number
}

/** Which instruments met a rate limit, over all jobs (Marianne §6.3: RateLimitCoordinator). */
export interface RateLimits {
  /** Nobody uses the station before `until` (epoch ms); never shortens what is known, ignores what is no time. */
  report(station: Station, until: number, now: number): void
  /** Null when it may be used. A limit of the whole instrument holds for each of its models. */
  until(station: Station, now: number): number | null
  active(now: number): readonly ActiveLimit[]
  /** Forgets the limits of one instrument; how many there were. An unknown or empty name clears nothing. */
  clear(instrument: string): number
  /** The wall clock was set by `ms`: limits end as much later. */
  shift(ms: number): void
}

export function createRateLimits(): RateLimits {
  const limits = new Map<string, ActiveLimit>()
  const keyOf = ({ instrument, model }: Station) => `${instrument}\n${model ?? ''}`
  const at = (station: Station, now: number): number | null => {
    const found = limits.get(keyOf(station))
    return found && found.until > now ? found.until : null
  }
  return {
    report(station, until, now) {
      if (!Number.isFinite(until) || until <= now) return
      const clamped = Math.min(until, now + LONGEST_MS)
      if (clamped > (at(station, now) ?? 0)) limits.set(keyOf(station), { ...station, until: clamped })
    },
    until(station, now) {
      const ends = [at(station, now), station.model === null ? null : at({ ...station, model: null }, now)]
      const known = ends.filter((end) => end !== null)
      return known.length > 0 ? Math.max(...known) : null
    },
    active: (now) => [...limits.values()].filter(({ until }) => until > now),
    clear(instrument) {
      const found = [...limits].filter(([, limit]) => limit.instrument === instrument)
      for (const [key] of found) limits.delete(key)
      return found.length
    },
    shift(ms) {
      for (const [key, limit] of limits) limits.set(key, { ...limit, until: limit.until + ms })
    },
  }
}
