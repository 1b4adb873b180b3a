import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AttemptRecord, JobRecord, JobStore } from '../ports.ts'
import type { JobState, SheetState, Usage } from '../scheduling/state.ts'
import type { Score, ValidationRule } from '../score/score.ts'
import { openDatabase } from './database.ts'
import { createJobStore } from './job-store.ts'

const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null })
const text = fc.string({ unit: 'binary', maxLength: 40 })
const count = fc.nat()
const time = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const amount = fc.double({ min: 0, max: 1e9, noNaN: true })

const usage: fc.Arbitrary<Usage> = fc.record({
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: count,
  cacheWriteTokens: count,
  costUsd: nullable(amount),
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
  rateLimitWaits: count,
  wakeAt: nullable(time),
  error: nullable(fc.record({ code: text, message: text })),
  validation: nullable(fc.record({ passed: count, total: count, failures: fc.array(text) })),
  usage,
  startedAt: nullable(time),
  completedAt: nullable(time),
})

const sheets = fc
  .array(sheet, { maxLength: 12 })
  .map((all): readonly SheetState[] => all.map((one, index) => ({ ...one, number: index + 1 })))

const state: fc.Arbitrary<JobState> = fc.record({
  id: fc.uuid(),
  status: fc.constantFrom('queued', 'running', 'pausing', 'paused', 'waiting', 'interrupted', 'completed', 'failed', 'cancelled'),
  intent: fc.constantFrom('run', 'pause', 'cancel'),
  hold: nullable(fc.constantFrom('user', 'signal_file', 'rate_limit', 'crash')),
  statusSince: time,
  policy: fc.record({
    maxRetries: count,
    baseDelayMs: amount,
    maxDelayMs: amount,
    exponentialBase: amount,
    jitter: fc.boolean(),
    maxRateLimitWaits: count,
    defaultRateLimitWaitMs: amount,
  }),
  sheets,
  survivors: fc.array(count),
  createdAt: time,
  startedAt: nullable(time),
  completedAt: nullable(time),
  version: count,
})

const rule = { description: nullable(text), retryCount: count, retryDelayMs: amount, line: count }
const validation: fc.Arbitrary<ValidationRule> = fc.oneof(
  fc.record({ type: fc.constantFrom('file_exists', 'file_modified'), path: text, ...rule }),
  fc.record({ type: fc.constantFrom('content_contains', 'content_regex'), path: text, pattern: text, ...rule }),
  fc.record({
    type: fc.constant('command_succeeds' as const),
    command: text,
    workingDirectory: nullable(text),
    timeoutSeconds: amount,
    ...rule,
  }),
)

/** Parsing has made JSON of them, which knows one zero only. */
const json = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)))
const variables = fc.dictionary(fc.oneof(text, fc.constantFrom('__proto__', 'constructor')), json)

const score: fc.Arbitrary<Score> = fc.record({
  name: text,
  description: nullable(text),
  workspace: text,
  instrument: text,
  sheet: fc.record({ size: count, totalItems: count }),
  prompt: fc.record({ template: text, templateFile: nullable(text), variables }),
  retry: fc.record({
    maxRetries: count,
    baseDelaySeconds: amount,
    maxDelaySeconds: amount,
    exponentialBase: amount,
    jitter: fc.boolean(),
  }),
  validations: fc.array(validation, { maxLength: 4 }),
})

const job: fc.Arbitrary<JobRecord> = fc.record({ state, score, scorePath: text })

const attempt: fc.Arbitrary<Omit<AttemptRecord, 'jobId'>> = fc.record({
  sheet: count,
  number: count,
  marker: fc.uuid(),
  folder: text,
  instrument: text,
  identity: nullable(fc.record({ pid: count, startTime: text })),
  startedAt: time,
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
    const change = fc.tuple(job, state, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), sheets)
    fc.assert(
      fc.property(change, ([drawn, later, changed, others]) => {
        const given = unique(drawn)
        store.insert(given)
        const next: JobState = {
          ...later,
          id: given.state.id,
          sheets: given.state.sheets.map((kept, index) => (changed[index] ? (others[index] ?? { ...kept, attempts: 7 }) : kept)),
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
