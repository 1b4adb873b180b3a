import { performance } from 'node:perf_hooks'
import { decide } from '../../main/engine/scheduling/decide.ts'
import { dispatch, type Limits } from '../../main/engine/scheduling/dispatch.ts'
import { newJob, policyOf } from '../../main/engine/scheduling/new-job.ts'
import type { JobEvent, JobState } from '../../main/engine/scheduling/state.ts'
import { planScore } from '../../main/engine/score/plan.ts'
import type { Score } from '../../main/engine/score/score.ts'
import { aScore } from '../support/score.ts'
import { type Bench, quantile, type Row } from './bench.ts'

const NOW = 1_000_000
const SIZES = [100, 1000, 10_000] as const
const ROUNDS = 60

const OPEN: Limits = {
  maxSheets: 8,
  pressure: null,
  capacity: () => 8,
  modelCapacity: () => null,
  limitedUntil: () => null,
  brokenUntil: () => null,
  trial: () => null,
  refusal: () => null,
}
/** What every ready sheet is held up by. */
const LIMITED: Limits = { ...OPEN, limitedUntil: () => NOW + 60_000 }

/** Sheets one after another; and all at once between a first and a last one. */
const SHAPES: Record<string, (sheets: number) => Score> = {
  chain: (sheets) => aScore({ sheets }),
  wide: (sheets) =>
    aScore({
      sheets: 3,
      sheet: { fan_out: { 2: sheets - 2 }, dependencies: { 2: [1], 3: [2] } },
      parallel: { enabled: true, max_concurrent: 8 },
    }),
}

/** The life of one attempt. */
const EVENTS: readonly ((sheet: number) => JobEvent)[] = [
  (sheet) => ({ type: 'slot_granted', sheet }),
  (sheet) => ({ type: 'attempt_started', sheet, attempt: 1 }),
  (sheet) => ({ type: 'attempt_ended', sheet, attempt: 1, outcome: { kind: 'succeeded', validation: null }, usage: null }),
]

/** What planning, deciding and dispatching cost with many sheets, against a job of 100. No worse than n log n is 15 and 200. */
export const scheduling: Bench = {
  name: 'scheduling, against 100 sheets',
  async run() {
    const rows: Row[] = []
    for (const [shape, score] of Object.entries(SHAPES)) {
      // Warms up: the first figure must not pay for the compiler.
      for (const sheets of SIZES) measure(score(sheets))
      const all = SIZES.map((sheets) => [sheets, measure(score(sheets))] as const)
      const bare = all[0]?.[1]
      if (!bare) continue
      for (const [sheets, figures] of all.slice(1)) {
        for (const what of Object.keys(figures) as (keyof Figures)[])
          rows.push({ what: `${what}, ${shape} of ${sheets}`, value: figures[what], bare: bare[what], unit: 'ms' })
      }
    }
    return rows
  },
}

interface Figures {
  readonly plan: number
  readonly decision: number
  readonly dispatch: number
  readonly 'dispatch, limited': number
}

/** Medians in ms. */
function measure(score: Score): Figures {
  const plans = Array.from({ length: 25 }, () => timed(() => planScore(score)).took)
  const plan = planScore(score)
  let job: JobState = newJob('bench', plan, policyOf(score), NOW)
  job = decide(job, { type: 'start' }, NOW).state
  const times: Record<'decision' | 'dispatch' | 'limited', number[]> = { decision: [], dispatch: [], limited: [] }
  for (let round = 0; round < ROUNDS; round += 1) {
    times.limited.push(timed(() => dispatch([job], LIMITED, new Set(), NOW)).took)
    const granted = timed(() => dispatch([job], OPEN, new Set(), NOW))
    times.dispatch.push(granted.took)
    const sheet = granted.result.grants[0]?.sheet
    if (sheet === undefined) break
    for (const event of EVENTS) {
      const decided = timed(() => decide(job, event(sheet), NOW))
      times.decision.push(decided.took)
      job = decided.result.state
    }
  }
  return {
    plan: quantile(plans, 0.5),
    decision: quantile(times.decision, 0.5),
    dispatch: quantile(times.dispatch, 0.5),
    'dispatch, limited': quantile(times.limited, 0.5),
  }
}

function timed<T>(work: () => T): { result: T; took: number } {
  const begun = performance.now()
  const result = work()
  return { result, took: performance.now() - begun }
}
