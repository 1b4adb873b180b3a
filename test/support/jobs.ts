import { decide } from '../../main/engine/scheduling/decide.ts'
import type { Limits } from '../../main/engine/scheduling/dispatch.ts'
import { newJob, policyOf, type RunOptions } from '../../main/engine/scheduling/new-job.ts'
import type { AttemptOutcome, Effect, JobEvent, JobState, Survivor } from '../../main/engine/scheduling/state.ts'
import { NO_USAGE } from '../../main/engine/scheduling/usage.ts'
import { planScore } from '../../main/engine/score/plan.ts'
import { aScore } from './score.ts'

/** Noon of a Monday, so that clock times in sentences are known. */
export const NOW = new Date(2026, 5, 1, 12, 0, 0).getTime()

type Keys = Parameters<typeof aScore>[0]

/** Backoff without chance: 10 s, 20 s, 40 s, 60 s. */
const RETRY = { base_delay_seconds: 10, max_delay_seconds: 60, jitter: false }

/** A job of a score that says this, accepted and begun. */
export function aJob(keys: Keys = {}, options: RunOptions & { id?: string; at?: number } = {}): JobState {
  const { id = 'job-1', at = NOW, ...run } = options
  const score = aScore({ ...keys, retry: { ...RETRY, ...(keys?.retry as object) } })
  const job = newJob(id, planScore(score), policyOf(score, run), at, run)
  return decide(job, { type: 'start' }, at).state
}

export const SUCCESS: AttemptOutcome = { kind: 'succeeded', validation: null }
export const LOST: AttemptOutcome = { kind: 'lost' }
export const STOPPED: AttemptOutcome = { kind: 'stopped', survivors: [] }
export const LIMIT: AttemptOutcome = { kind: 'rate_limited', message: 'Limit reached', resetAt: NOW + 60_000 }
export const QUOTA: AttemptOutcome = { kind: 'rate_limited', message: 'Quota used up', resetAt: NOW + 60_000, code: 'E104' }
export const FAILURE: AttemptOutcome = failure('E009')

/** A process of an attempt that could not be ended. */
export const survivor = (pid: number): Survivor => ({ pid, startTime: `start of ${pid}` })

/** The instrument failed. */
export function failure(code: string, retriable = true): AttemptOutcome {
  return { kind: 'failed', error: { code, message: 'It broke' }, retriable, validation: null }
}

/** It ran well, but its checks do not all hold. */
export function checked(passed: number, total: number): AttemptOutcome {
  const validation = { passed, total, failures: ['a.md does not exist'], skipped: 0 }
  return { kind: 'failed', error: { code: 'E201', message: 'a.md does not exist' }, retriable: true, validation }
}

/** @param cost in USD */
export const ended = (sheet: number, attempt: number, outcome: AttemptOutcome, cost: number | null = null): JobEvent => ({
  type: 'attempt_ended',
  sheet,
  attempt,
  outcome,
  usage: cost === null ? null : { ...NO_USAGE, costUsd: cost },
})

export const run = (sheet: number, attempt = 1): JobEvent[] => [
  { type: 'slot_granted', sheet },
  { type: 'attempt_started', sheet, attempt },
]

/** An attempt from its slot to its end. */
export const attempt = (sheet: number, number: number, outcome: AttemptOutcome, cost: number | null = null): JobEvent[] => [
  ...run(sheet, number),
  ended(sheet, number, outcome, cost),
]

/** Plays events one after another and keeps every effect. */
export function play(start: JobState, events: readonly JobEvent[], now = NOW): { state: JobState; effects: Effect[] } {
  let state = start
  const effects: Effect[] = []
  for (const event of events) {
    const decision = decide(state, event, now)
    state = decision.state
    effects.push(...decision.effects)
  }
  return { state, effects }
}

export const statuses = (state: JobState) => state.sheets.map(({ status }) => status)

/** News of the job among the effects, in order. */
export const jobNews = (effects: readonly Effect[]) =>
  effects.flatMap((effect) => (effect.type === 'announce_job' ? [effect.news] : []))

/** Limits that hold nothing back but what is said. */
export const someLimits = (given: Partial<Limits> = {}): Limits => ({
  maxSheets: 100,
  pressure: null,
  capacity: () => 100,
  modelCapacity: () => null,
  limitedUntil: () => null,
  brokenUntil: () => null,
  trial: () => null,
  refusal: () => null,
  ...given,
})
