import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aScore } from '../../../test/support/score.ts'
import type { AttemptRecord, JobRecord, JobStore } from '../ports.ts'
import { graphOf } from '../scheduling/graph.ts'
import type { Budget, JobState, SheetState, Usage } from '../scheduling/state.ts'
import { planScore } from '../score/plan.ts'
import { openDatabase } from './database.ts'
import { createJobStore } from './job-store.ts'

const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null })
const text = fc.string({ unit: 'binary', maxLength: 40 })
const count = fc.nat()
const time = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const amount = fc.double({ min: 0, max: 1e9, noNaN: true })

const usage: fc.Arbitrary<Usage> = fc
  .record({
    inputTokens: count,
    outputTokens: count,
    cacheReadTokens: count,
    cacheWriteTokens: count,
    costUsd: nullable(amount),
  })
  .chain((numbers) =>
    fc
      .record(
        {
          costRange: fc.tuple(amount, amount),
          unpricedTokens: count,
          confidence: fc.constantFrom('exact', 'reported', 'live', 'estimate'),
          source: text,
        },
        { requiredKeys: [] },
      )
      .map((more): Usage => ({ ...numbers, ...more })),
  )

const budget: fc.Arbitrary<Budget> = fc.record({
  tokens: nullable(count),
  usd: nullable(amount),
  warnPercent: amount,
  action: fc.constantFrom('notify', 'pause', 'freeze', 'cancel'),
})

const sheet: fc.Arbitrary<Omit<SheetState, 'number'>> = fc.record({
  status: fc.constantFrom(
    'pending',
    'ready',
    'dispatched',
    'in_progress',
    'waiting',
    'retry_scheduled',
    'fermata',
    'completed',
    'failed',
    'skipped',
    'cancelled',
  ),
  attempts: count,
  failures: count,
  completions: count,
  mode: fc.constantFrom('normal', 'completion'),
  rateLimitWaits: count,
  quotaWaits: count,
  choice: count,
  switches: fc.array(
    fc.record({
      from: text,
      to: text,
      reason: fc.constantFrom('rate_limit', 'auth_failure', 'unavailable', 'exhausted'),
      at: time,
    }),
    { maxLength: 3 },
  ),
  note: nullable(text),
  released: fc.boolean(),
  asked: nullable(fc.constantFrom('retry', 'skip', 'fail')),
  losses: count,
  wakeAt: nullable(time),
  error: nullable(fc.record({ code: text, message: text })),
  validation: nullable(fc.record({ passed: count, total: count, failures: fc.array(text), skipped: count })),
  usage,
  live: nullable(usage),
  unmetered: fc.constantFrom('no', 'yes', 'accepted'),
  startedAt: nullable(time),
  completedAt: nullable(time),
})

const state: fc.Arbitrary<Omit<JobState, 'sheets' | 'graph'>> = fc.record({
  id: fc.uuid(),
  status: fc.constantFrom('queued', 'running', 'pausing', 'paused', 'waiting', 'interrupted', 'completed', 'failed', 'cancelled'),
  intent: fc.constantFrom('run', 'pause', 'cancel'),
  hold: nullable(fc.constantFrom('user', 'signal_file', 'rate_limit', 'budget', 'day', 'crash', 'return', 'restored', 'timeout')),
  frozen: nullable(fc.record({ since: time, by: fc.constantFrom('user', 'pressure', 'budget', 'day'), thawing: fc.boolean() })),
  ranMs: amount,
  runningSince: nullable(time),
  runningAwake: nullable(amount),
  looking: fc.array(amount),
  leftoversDue: fc.boolean(),
  statusSince: time,
  policy: fc.record({
    maxRetries: count,
    baseDelayMs: amount,
    maxDelayMs: amount,
    exponentialBase: amount,
    jitter: fc.boolean(),
    maxRateLimitWaits: count,
    maxQuotaWaits: count,
    defaultRateLimitWaitMs: amount,
    maxCompletions: count,
    completionDelayMs: amount,
    completionThreshold: amount,
    maxConcurrent: count,
    failFast: fc.boolean(),
    staggerMs: amount,
    pauseBetweenMs: amount,
    budgets: fc.record({ sheet: budget, job: budget, whenSilent: fc.constantFrom('act', 'go_on') }),
    breaker: nullable(fc.record({ threshold: count, recoveryMs: amount })),
    escalate: fc.boolean(),
    hasHooks: fc.boolean(),
    frozenHoldsSlot: fc.boolean(),
    maxRunMs: nullable(amount),
  }),
  notBefore: nullable(time),
  hooks: fc.constantFrom('due', 'running', 'done', 'failed'),
  hooksDone: fc.array(count, { maxLength: 3 }),
  hookError: nullable(text),
  servedAt: nullable(time),
  survivors: fc.array(fc.record({ pid: count, startTime: text })),
  createdAt: time,
  startedAt: nullable(time),
  completedAt: nullable(time),
  version: count,
})

const name = text.filter((value) => value.trim() !== '')
const rule: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  fc.record({ type: fc.constantFrom('file_exists', 'file_modified'), path: name }),
  fc.record({ type: fc.constantFrom('content_contains', 'content_regex'), path: name, pattern: name, retry_delay_ms: count }),
  fc.record({ type: fc.constant('command_succeeds'), command: name, working_directory: nullable(name) }),
)

/** Parsing has made JSON of them, which knows one zero only. */
const json = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)))
const variables = fc.dictionary(fc.oneof(text, fc.constantFrom('__proto__', 'constructor')), json)

/** Scores of many shapes; every key of the language stands in the stored one, given or by default. */
const score = fc
  .record({
    name,
    description: nullable(text),
    workspace: name,
    instrument: name,
    sheets: fc.integer({ min: 1, max: 12 }),
    prompt: fc.record({ template: text, template_file: nullable(name), variables }),
    retry: fc.record({ max_retries: fc.nat({ max: 9 }), base_delay_seconds: amount, jitter: fc.boolean() }),
    validations: fc.array(rule, { maxLength: 4 }),
  })
  .map((keys) => aScore(keys))

const diagnostic = fc.record({
  code: text,
  severity: fc.constantFrom('error', 'warning', 'info'),
  message: text,
  remedy: nullable(text),
  line: count,
  column: count,
})

const job: fc.Arbitrary<JobRecord> = score.chain((given) => {
  const plan = planScore(given)
  const length = plan.sheets.length
  const sheets = fc
    .array(sheet, { minLength: length, maxLength: length })
    .map((all): readonly SheetState[] => all.map((one, index) => ({ ...one, number: index + 1 })))
  return fc
    .record({
      state,
      sheets,
      scorePath: text,
      notes: fc.array(diagnostic, { maxLength: 3 }),
      chainDepth: count,
      follows: nullable(text),
    })
    .map(({ state, sheets, ...rest }) => ({ ...rest, score: given, plan, state: { ...state, sheets, graph: graphOf(plan) } }))
})

const attempt: fc.Arbitrary<Omit<AttemptRecord, 'jobId'>> = fc.record({
  sheet: count,
  number: count,
  marker: fc.uuid(),
  folder: text,
  instrument: text,
  choice: count,
  mode: fc.constantFrom('normal', 'completion'),
  identity: nullable(fc.record({ pid: count, startTime: text })),
  startedAt: time,
  startedAwake: nullable(amount),
  stillMs: amount,
  frozenAwake: nullable(amount),
  endedAt: nullable(time),
  exitStatus: nullable(count),
  outcome: nullable(fc.constantFrom('succeeded', 'failed', 'rate_limited', 'stopped', 'lost')),
  errorCode: nullable(text),
  errorMessage: nullable(text),
  usage: nullable(usage),
})

/** Names of their own, so that shrinking may try a job again. */
const unique = (record: JobRecord): JobRecord => ({ ...record, state: { ...record.state, id: randomUUID() } })

describe('a job in the database', { timeout: 30_000 }, () => {
  let folder: string
  let store: JobStore
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fermata-store-'))
    const database = openDatabase(folder)
    // What comes back is the question here, not what a power cut leaves: do not wait for the disk each time.
    database.db.pragma('synchronous = OFF')
    store = createJobStore(database, {
      onProblem: (_message, problem) => {
        throw problem
      },
    })
  })
  afterAll(() => {
    store.close()
    rmSync(folder, { recursive: true })
  })

  it('comes back exactly as it was put in', () => {
    fc.assert(
      fc.property(job, (drawn) => {
        const given = unique(drawn)
        store.insert(given)
        expect(store.load(given.state.id)).toEqual(given)
      }),
      { numRuns: 100 },
    )
  })

  it('is, after a commit, exactly the state committed, whichever sheets changed', () => {
    const twelve = { minLength: 12, maxLength: 12 }
    const change = fc.tuple(job, state, fc.array(fc.boolean(), twelve), fc.array(sheet, twelve))
    fc.assert(
      fc.property(change, ([drawn, later, changed, others]) => {
        const given = unique(drawn)
        store.insert(given)
        const next: JobState = {
          ...later,
          id: given.state.id,
          graph: given.state.graph,
          sheets: given.state.sheets.map((kept, index) => (changed[index] ? { ...kept, ...others[index] } : kept)),
        }
        store.commit(given.state, next)
        expect(store.load(given.state.id)).toEqual({ ...given, state: next })
      }),
      { numRuns: 100 },
    )
  })

  it('keeps every attempt with its usage', () => {
    fc.assert(
      fc.property(job, attempt, attempt, (drawn, first, then) => {
        const given = unique(drawn)
        store.insert(given)
        const begun: AttemptRecord = { ...first, jobId: given.state.id, marker: randomUUID() }
        const ended: AttemptRecord = { ...then, jobId: given.state.id, sheet: begun.sheet, number: begun.number }
        store.saveAttempt(begun)
        expect(store.attempts(given.state.id)).toEqual([begun])
        store.commit(given.state, given.state, ended)
        expect(store.attempts(given.state.id, begun.sheet)).toEqual([ended])
      }),
      { numRuns: 100 },
    )
  })
})
