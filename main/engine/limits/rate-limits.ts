import type { Trial } from '../scheduling/dispatch.ts'
import type { Station } from '../scheduling/state.ts'
import type { LimitMode, RateLimit } from './standing.ts'

const LONGEST_MS = 7 * 24 * 3_600_000
/**
 * Limits are told within seconds, or after a program's own tries within a minute or so: an attempt that runs for longer has
 * shown that its instrument works.
 */
const TRY_MS = 2 * 60_000

/** Which instruments met a rate limit, over all jobs (Marianne §6.3: RateLimitCoordinator). Times are epoch ms. */
export interface RateLimits {
  /** Nobody uses the station before `until`; never shortens what is known, ignores what is no time. */
  report(station: Station, until: number, now: number, message: string): void
  /**
   * Null when it may be used; Infinity when not before its user says so. A limit of the whole instrument holds for each of its
   * models.
   */
  until(station: Station, now: number): number | null
  /** A limit is over and nobody knows yet whether it really is; null when the station may be used as ever. */
  trial(station: Station, now: number): Trial | null
  /** An attempt on the station has begun. */
  began(station: Station, now: number): void
  /** An attempt on the station did its work: a limit that is over needs no further try. */
  proven(station: Station, now: number): void
  /** What happens at the end of a limit; whether there is that limit, and it is not over. */
  setMode(station: Station, mode: LimitMode, now: number): boolean
  /** The limit counts as over from now on: one sheet tries first. Whether there was one. */
  end(station: Station, now: number): boolean
  /** The same for all limits of the instrument; how many there were. An unknown or empty name ends nothing. */
  endAll(instrument: string, now: number): number
  of(instrument: string): readonly RateLimit[]
  restore(limits: readonly RateLimit[]): void
  /** The wall clock was set by `ms`: limits end as much later. */
  shift(ms: number): void
}

export function createRateLimits(): RateLimits {
  const limits = new Map<string, RateLimit>()
  const keyOf = ({ instrument, model }: Station) => `${instrument}\n${model ?? ''}`
  const put = (limit: RateLimit) => limits.set(keyOf(limit), limit)
  const holds = ({ mode, until }: RateLimit, now: number) => mode === 'never' || until > now

  /** The station's own limit and that of its whole instrument. */
  const on = (station: Station): readonly RateLimit[] =>
    (station.model === null ? [station] : [station, { ...station, model: null }]).flatMap((one) => limits.get(keyOf(one)) ?? [])

  function end(limit: RateLimit, now: number): boolean {
    if (!holds(limit, now)) return false
    put({ ...limit, mode: 'at_reset', until: now, triedAt: null })
    return true
  }

  return {
    report(station, until, now, message) {
      if (!Number.isFinite(until) || until <= now) return
      const known = limits.get(keyOf(station))
      const clamped = Math.min(until, now + LONGEST_MS)
      if (!known || !holds(known, now)) put({ ...station, until: clamped, mode: 'at_reset', since: now, message, triedAt: null })
      else if (clamped > known.until) put({ ...known, until: clamped, message })
    },
    until(station, now) {
      const ends = on(station)
        .filter((limit) => holds(limit, now))
        .map(({ mode, until }) => (mode === 'never' ? Number.POSITIVE_INFINITY : until))
      return ends.length > 0 ? Math.max(...ends) : null
    },
    trial(station, now) {
      const trials = on(station)
        .filter((limit) => !holds(limit, now))
        .map(({ model, triedAt }) => ({
          begun: triedAt !== null,
          until: triedAt === null ? Number.POSITIVE_INFINITY : triedAt + TRY_MS,
          whole: model === null,
        }))
        .filter(({ until }) => until > now)
      return trials.find(({ whole }) => whole) ?? trials[0] ?? null
    },
    began(station, now) {
      for (const limit of on(station)) if (!holds(limit, now) && limit.triedAt === null) put({ ...limit, triedAt: now })
    },
    proven(station, now) {
      for (const limit of on(station)) if (!holds(limit, now)) limits.delete(keyOf(limit))
    },
    setMode(station, mode, now) {
      const limit = limits.get(keyOf(station))
      if (!limit || !holds(limit, now)) return false
      put({ ...limit, mode })
      return true
    },
    end(station, now) {
      const limit = limits.get(keyOf(station))
      return limit !== undefined && end(limit, now)
    },
    endAll: (instrument, now) =>
      [...limits.values()].filter((limit) => limit.instrument === instrument && end(limit, now)).length,
    of: (instrument) => [...limits.values()].filter((limit) => limit.instrument === instrument),
    restore(known) {
      for (const limit of known) put(limit)
    },
    shift(ms) {
      for (const limit of [...limits.values()])
        put({ ...limit, until: limit.until + ms, triedAt: limit.triedAt === null ? null : limit.triedAt + ms })
    },
  }
}
