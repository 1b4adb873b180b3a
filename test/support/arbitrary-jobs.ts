import fc from 'fast-check'
import { newJob } from '../../main/engine/scheduling/new-job.ts'
import type {
  AttemptOutcome,
  Budget,
  FermataDecision,
  JobEvent,
  JobPolicy,
  JobState,
  Survivor,
} from '../../main/engine/scheduling/state.ts'
import { isTimed } from '../../main/engine/scheduling/statuses.ts'
import { NO_USAGE } from '../../main/engine/scheduling/usage.ts'
import { planScore } from '../../main/engine/score/plan.ts'
import { NOW } from './jobs.ts'
import { aScore } from './score.ts'

const HOUR = 3_600_000
const INSTRUMENTS = ['a', 'b', 'c'] as const
const MODELS = ['large', 'small'] as const

/** USD; numbers that add up without rounding. */
const cost = fc.integer({ min: 0, max: 8 }).map((quarters) => quarters / 4)

function budget(usd: fc.Arbitrary<number>): fc.Arbitrary<Budget> {
  const rarely = <T>(arbitrary: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })
  return fc.record({
    tokens: rarely(fc.integer({ min: 1, max: 400 })),
    usd: rarely(usd),
    warnPercent: fc.integer({ min: 1, max: 100 }),
    action: fc.constantFrom('notify', 'pause', 'freeze', 'cancel'),
  })
}

export const policies: fc.Arbitrary<JobPolicy> = fc.record({
  maxRetries: fc.integer({ min: 0, max: 4 }),
  baseDelayMs: fc.integer({ min: 0, max: 20_000 }),
  maxDelayMs: fc.integer({ min: 0, max: HOUR }),
  exponentialBase: fc.double({ min: 1, max: 3, noNaN: true }),
  jitter: fc.boolean(),
  maxRateLimitWaits: fc.integer({ min: 1, max: 3 }),
  maxQuotaWaits: fc.integer({ min: 1, max: 3 }),
  defaultRateLimitWaitMs: fc.integer({ min: 1, max: HOUR }),
  maxCompletions: fc.integer({ min: 0, max: 3 }),
  completionDelayMs: fc.integer({ min: 0, max: 5000 }),
  completionThreshold: fc.integer({ min: 0, max: 100 }),
  maxConcurrent: fc.integer({ min: 1, max: 4 }),
  failFast: fc.boolean(),
  staggerMs: fc.constantFrom(0, 0, 500),
  pauseBetweenMs: fc.constantFrom(0, 0, 1000),
  budgets: fc.record({
    sheet: budget(cost),
    job: budget(fc.integer({ min: 1, max: 20 })),
    whenSilent: fc.constantFrom('act', 'go_on'),
  }),
  breaker: fc.option(fc.record({ threshold: fc.integer({ min: 1, max: 4 }), recoveryMs: fc.integer({ min: 1, max: HOUR }) })),
  escalate: fc.boolean(),
  hasHooks: fc.boolean(),
  frozenHoldsSlot: fc.boolean(),
  maxRunMs: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: HOUR }) }),
})

const failure = (code: string, retriable: boolean, validation: [number, number] | null = null): AttemptOutcome => ({
  kind: 'failed',
  error: { code, message: 'broken' },
  retriable,
  validation: validation && { passed: validation[0], total: validation[1], failures: ['missing'], skipped: 0 },
})

const SURVIVOR: Survivor = { pid: 4711, startTime: 'then' }

export const outcomes: fc.Arbitrary<AttemptOutcome> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<AttemptOutcome>({ kind: 'succeeded', validation: null }) },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      failure('E009', true),
      failure('E201', true, [0, 2]),
      failure('E201', true, [1, 2]),
      failure('E202', true, [3, 4]),
      failure('E502', false),
      failure('E301', false),
      failure('E505', false),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('rate_limited' as const),
      message: fc.constant('limit'),
      resetAt: fc.option(fc.oneof(fc.integer({ min: NOW - HOUR, max: NOW + 2 * HOUR }), fc.double())),
      code: fc.constantFrom('E101' as const, 'E104' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('lost' as const, 'stopped' as const),
      survivors: fc.constantFrom([], [], [], [SURVIVOR]),
    }),
  },
)

/** Sheets that depend on each other in any way that has no cycle, on any instruments. */
export const graphs = fc.integer({ min: 1, max: 9 }).chain((sheets) =>
  fc
    .record({
      order: fc.shuffledSubarray(
        Array.from({ length: sheets }, (_, index) => index + 1),
        { minLength: sheets },
      ),
      links: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: sheets ** 2, maxLength: sheets ** 2 }),
      played: fc.array(
        fc.record({
          choices: fc.shuffledSubarray([...INSTRUMENTS], { minLength: 1 }),
          model: fc.option(fc.constantFrom(...MODELS)),
        }),
        { minLength: sheets, maxLength: sheets },
      ),
    })
    .map(({ order, links, played }) => {
      const dependencies = Object.fromEntries(
        order.map((sheet, at) => [sheet, order.slice(0, at).filter((source) => links[sheet * sheets - source] === 0)]),
      )
      return { sheets, dependencies, played }
    }),
)

/** A job of such a graph. */
export const jobs = (id = 'job', policy: fc.Arbitrary<JobPolicy> = policies): fc.Arbitrary<JobState> =>
  fc.record({ graph: graphs, policy }).map(({ graph: { sheets, dependencies, played }, policy }) => {
    const of = <T>(value: (of: (typeof played)[number]) => T) =>
      Object.fromEntries(played.map((one, index) => [index + 1, value(one)]))
    const sheet = {
      dependencies,
      per_sheet_instruments: of(({ choices }) => choices[0]),
      per_sheet_fallbacks: of(({ choices }) => choices.slice(1)),
      per_sheet_instrument_config: of(({ model }) => ({ model })),
    }
    return newJob(id, planScore(aScore({ sheets, sheet })), policy, NOW)
  })

/** A happening: one that fits the job as it is, or any other. */
export interface Move {
  readonly aimed: boolean
  readonly pick: number
  readonly outcome: AttemptOutcome
  readonly cost: number | null
  readonly wild: JobEvent
}

const sheet = fc.integer({ min: 0, max: 10 })
const attempt = fc.integer({ min: 0, max: 4 })
const reason = fc.constant('r')
const decision = fc.constantFrom<FermataDecision>('accept', 'retry', 'skip', 'fail')

const wild: fc.Arbitrary<JobEvent> = fc.oneof(
  fc.constantFrom<JobEvent>(
    { type: 'start' },
    { type: 'pause', by: 'user' },
    { type: 'pause', by: 'signal_file' },
    { type: 'pause', by: 'return' },
    { type: 'resume' },
    { type: 'resume' },
    { type: 'cancel' },
    { type: 'freeze', by: 'user' },
    { type: 'freeze', by: 'pressure' },
    { type: 'freeze', by: 'day' },
    { type: 'cancel', by: 'day' },
    { type: 'thaw' },
    { type: 'thaw' },
    { type: 'thaw_granted' },
    { type: 'time_up' },
    { type: 'survivors_ended', asked: [SURVIVOR], left: [] },
    { type: 'hooks_ended', error: null },
    { type: 'hooks_ended', error: 'broke' },
  ),
  fc.record({ type: fc.constantFrom('slot_granted' as const, 'timer_fired' as const), sheet }),
  fc.record({ type: fc.constantFrom('retry_sheet' as const, 'skip_sheet' as const), sheet }),
  fc.record({
    type: fc.constant('time_shifted' as const),
    sleptMs: fc.constantFrom(0, 60_000),
    jumpedMs: fc.constantFrom(0, 86_400_000, -86_400_000),
  }),
  fc.record({ type: fc.constant('attempt_started' as const), sheet, attempt }),
  fc.record({ type: fc.constant('attempt_ended' as const), sheet, attempt, outcome: outcomes, usage: fc.constant(null) }),
  fc.record({ type: fc.constant('metered' as const), sheet, attempt, usage: fc.constant(null), silent: fc.boolean() }),
  fc.record({
    type: fc.constant('budgets_changed' as const),
    budgets: fc.record({ sheet: budget(cost), job: budget(cost), whenSilent: fc.constantFrom('act' as const, 'go_on' as const) }),
  }),
  fc.record({ type: fc.constantFrom('skip' as const, 'hold' as const), sheet, reason }),
  fc.record({
    type: fc.constant('switch' as const),
    sheet,
    reason: fc.constantFrom('rate_limit' as const, 'unavailable' as const),
  }),
  fc.record({ type: fc.constant('decision' as const), sheet, decision }),
)

export const moves: fc.Arbitrary<readonly Move[]> = fc.array(
  fc.record({
    aimed: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    pick: fc.nat(10_000),
    outcome: outcomes,
    cost: fc.option(cost),
    wild,
  }),
  { maxLength: 80, size: 'max' },
)

const DECISIONS: readonly FermataDecision[] = ['accept', 'retry', 'skip', 'fail']

/** The event a move stands for; an aimed one brings some unfinished sheet a step further. `at` is epoch ms. */
export function eventOf(job: JobState, { aimed, pick, outcome, cost: usd, wild }: Move): { event: JobEvent; at?: number } {
  const live = job.sheets.filter(({ status }) => !['pending', 'completed', 'failed', 'skipped', 'cancelled'].includes(status))
  const chosen = live[pick % Math.max(1, live.length)]
  if (!aimed) return { event: wild }
  const { policy, ranMs, runningSince } = job
  if (runningSince !== null && policy.maxRunMs !== null && pick % 5 === 0)
    return { event: { type: 'time_up' }, at: runningSince + policy.maxRunMs - ranMs }
  if (job.frozen && pick % 3 > 0) return { event: { type: job.frozen.thawing ? 'thaw_granted' : 'thaw' } }
  if (!chosen)
    return { event: job.hooks === 'running' ? { type: 'hooks_ended', error: pick % 2 ? null : 'broke' } : { type: 'resume' } }
  const { number, status, attempts, wakeAt } = chosen
  if (isTimed(chosen)) return { event: { type: 'timer_fired', sheet: number }, ...(wakeAt === null ? {} : { at: wakeAt }) }
  if (status === 'ready') return { event: { type: 'slot_granted', sheet: number } }
  if (status === 'dispatched') return { event: { type: 'attempt_started', sheet: number, attempt: attempts } }
  if (status === 'in_progress' && pick % 7 === 0) {
    const usage = { ...NO_USAGE, outputTokens: pick % 300, costUsd: usd }
    return { event: { type: 'metered', sheet: number, attempt: attempts, usage, silent: pick % 5 === 0 } }
  }
  if (status === 'in_progress' && pick % 11 === 0) return { event: { type: 'freeze', by: pick % 2 ? 'user' : 'pressure' } }
  if (status === 'fermata') return { event: { type: 'decision', sheet: number, decision: DECISIONS[pick % 4] ?? 'accept' } }
  const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: usd }
  return { event: { type: 'attempt_ended', sheet: number, attempt: attempts, outcome, usage } }
}
