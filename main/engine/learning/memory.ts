import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { Station } from '../scheduling/state.ts'
import type { Outcome, Place } from './outcome.ts'
import { type CommonFailure, commonFailures, type SheetForecast, sheetForecast } from './sheet-forecast.ts'

/** What was learned of one sheet on one instrument and model. */
export interface Insight extends Place, SheetForecast {
  /** Epoch ms of the newest outcome. */
  readonly lastAt: number
}

/** What was learned, for its user to look at. */
export interface Insights {
  /** Outcomes kept in all. */
  readonly outcomes: number
  /** Epoch ms of the oldest one; null of none. */
  readonly since: number | null
  /** Those met last first, at most 200. */
  readonly sheets: readonly Insight[]
}

/** What is known of how attempts went: of each sheet or instrument the last 200. */
export interface Memory {
  /** The outcomes of a sheet, newest first; none while learning is off. */
  of(place: Place): readonly Outcome[]
  /** The outcomes of an instrument and model with whatever score, newest first; none while learning is off. */
  on(station: Station): readonly Outcome[]
  /** What is to be expected of a sheet; null where it never ran. */
  sheetForecast(place: Place): SheetForecast | null
  /** In which ways a sheet failed, on whatever instrument: at most `limit`, the commonest first. */
  pastFailures(place: Pick<Place, 'score' | 'sheet'>, limit: number): readonly CommonFailure[]
  /** Whether or not learning is on: what is kept can be seen. */
  insights(): Insights
}

/** Outcomes looked back at; older ones say little of today. */
const LOOKED_BACK = 200
const INSIGHTS = 200
/** Sheets and instruments whose outcomes are at hand. */
const AT_HAND = 5000

const row = z
  .object({
    attempt: z.number(),
    succeeded: z.number(),
    error_code: z.string().nullable(),
    error_message: z.string().nullable(),
    duration_ms: z.number(),
    tokens: z.number().nullable(),
    cost_usd: z.number().nullable(),
    at: z.number(),
  })
  .transform(
    ({ attempt, succeeded, error_code, error_message, duration_ms, tokens, cost_usd, at }): Outcome => ({
      attempt,
      succeeded: succeeded === 1,
      errorCode: error_code,
      errorMessage: error_message,
      durationMs: duration_ms,
      tokens,
      costUsd: cost_usd,
      at,
    }),
  )
const place = z.object({
  score: z.string(),
  sheet: z.string(),
  instrument: z.string(),
  model: z.string().nullable(),
  last: z.number(),
})
const extent = z.object({ outcomes: z.number(), since: z.number().nullable() })

/** Where nothing was learned. */
export const NO_MEMORY: Memory = {
  of: () => [],
  on: () => [],
  sheetForecast: () => null,
  pastFailures: () => [],
  insights: () => ({ outcomes: 0, since: null, sheets: [] }),
}

/** Looks into the table of outcomes; `stale` says that those of a place, or any, have changed. */
export function createMemory(db: Database, enabled: () => boolean): Memory & { stale(place?: Place): void } {
  const select = (where: string) =>
    db.prepare(
      `SELECT attempt, succeeded, error_code, error_message, duration_ms, tokens, cost_usd, at
        FROM outcomes WHERE ${where} ORDER BY id DESC LIMIT ${LOOKED_BACK}`,
    )
  const ofPlace = select('score = @score AND sheet = @sheet AND instrument = @instrument AND model IS @model')
  const ofStation = select('instrument = @instrument AND model IS @model')
  const ofSheet = select('score = @score AND sheet = @sheet')
  const places = db.prepare(
    `SELECT score, sheet, instrument, model, MAX(at) AS last FROM outcomes
      GROUP BY score, sheet, instrument, model ORDER BY MAX(id) DESC LIMIT ${INSIGHTS}`,
  )
  const whole = db.prepare('SELECT COUNT(*) AS outcomes, MIN(at) AS since FROM outcomes')
  const atHand = new Map<string, readonly Outcome[]>()

  const keyOf = ({ score = '', sheet = '', instrument, model }: Station & Partial<Place>): string =>
    JSON.stringify([score, sheet, instrument, model])

  function lookUp(where: Station & Partial<Place>, read: () => unknown[]): readonly Outcome[] {
    const key = keyOf(where)
    const known = atHand.get(key)
    if (known) return known
    const outcomes = read().map((found) => row.parse(found))
    if (atHand.size >= AT_HAND) atHand.clear()
    atHand.set(key, outcomes)
    return outcomes
  }

  const of = (where: Place) => lookUp(where, () => ofPlace.all(where))

  /** Asked for with every change of a running sheet. */
  const forecasts = new WeakMap<readonly Outcome[], SheetForecast | null>()
  function forecastOf(where: Place): SheetForecast | null {
    const outcomes = of(where)
    const known = forecasts.get(outcomes)
    if (known !== undefined) return known
    const forecast = sheetForecast(outcomes)
    forecasts.set(outcomes, forecast)
    return forecast
  }

  return {
    of: (where) => (enabled() ? of(where) : []),
    on: ({ instrument, model }) => (enabled() ? lookUp({ instrument, model }, () => ofStation.all({ instrument, model })) : []),
    sheetForecast: (where) => (enabled() ? forecastOf(where) : null),
    pastFailures({ score, sheet }, limit) {
      if (!enabled()) return []
      return commonFailures(ofSheet.all({ score, sheet }).map((found) => row.parse(found))).slice(0, limit)
    },
    insights: () => ({
      ...extent.parse(whole.get()),
      sheets: places.all().flatMap((found): Insight[] => {
        const { last: lastAt, ...where } = place.parse(found)
        const forecast = forecastOf(where)
        return forecast ? [{ ...where, ...forecast, lastAt }] : []
      }),
    }),
    stale(where) {
      if (!where) return atHand.clear()
      atHand.delete(keyOf(where))
      atHand.delete(keyOf({ instrument: where.instrument, model: where.model }))
    },
  }
}
