import type { AttemptRecord, Clock, JobRecord } from '../ports.ts'
import { tokensOf } from '../scheduling/budgets.ts'
import { stationAt } from '../scheduling/graph.ts'
import type { Station } from '../scheduling/state.ts'
import type { PlannedSheet } from '../score/score.ts'

/** What outcomes are compared by: one sheet of one score, on one instrument and model. */
export interface Place extends Station {
  /** Name of the score. */
  readonly score: string
  /** See {@link sheetKey}. */
  readonly sheet: string
}

/** How an attempt went. */
export interface Outcome {
  readonly succeeded: boolean
  /** Which attempt of its sheet it was, from 1. */
  readonly attempt: number
  readonly errorCode: string | null
  readonly errorMessage: string | null
  /** Without the time it or the computer stood still. */
  readonly durationMs: number
  /** Fresh input, cache writes and output, as budgets count them; null where nobody told. */
  readonly tokens: number | null
  readonly costUsd: number | null
  /** Epoch ms of its end. */
  readonly at: number
}

/** What a sheet is called from run to run: its movement and its description; the voices of a movement are one. */
export function sheetKey({ movement, movementName, description }: PlannedSheet): string {
  return [movementName ?? `movement ${movement}`, description].filter((part) => part !== null && part !== '').join(': ')
}

/** Where the attempt of a sheet belongs. */
export function placeOf(
  { state, score, plan }: Pick<JobRecord, 'state' | 'score' | 'plan'>,
  sheet: number,
  choice: number,
): Place {
  const planned = plan.sheets[sheet - 1]
  if (!planned) throw new RangeError(`Job ${state.id} has no sheet ${sheet}`)
  return { score: score.name, sheet: sheetKey(planned), ...stationAt(state, { number: sheet, choice }) }
}

/** For how long an attempt ran, without the time it or the computer stood still; in ms. */
export function ranFor(attempt: AttemptRecord, clock: Pick<Clock, 'now' | 'awake'>): number {
  const { startedAt, startedAwake, stillMs, frozenAwake, endedAt } = attempt
  const stands = frozenAwake === null ? 0 : clock.awake() - frozenAwake
  const sinceStart = (endedAt ?? clock.now()) - startedAt
  // The shorter is true: one knows of no sleep, the other of no end while Fermata was away.
  const since = startedAwake === null ? sinceStart : Math.min(sinceStart, clock.awake() - startedAwake)
  return Math.max(0, Math.round(since - stillMs - stands))
}

/** What there is to learn from an attempt that has ended; null where that says nothing about its sheet. */
export function outcomeOf(attempt: AttemptRecord, clock: Pick<Clock, 'now' | 'awake'>): Outcome | null {
  const { outcome, identity, number, errorCode, errorMessage, usage, endedAt } = attempt
  // One that was stopped, lost or held back by a limit was not let finish; one without a process never came to its instrument.
  if (identity === null || (outcome !== 'succeeded' && outcome !== 'failed')) return null
  return {
    succeeded: outcome === 'succeeded',
    attempt: number,
    errorCode,
    errorMessage,
    durationMs: ranFor(attempt, clock),
    tokens: usage && tokensOf(usage),
    costUsd: usage?.costUsd ?? null,
    at: endedAt ?? clock.now(),
  }
}
