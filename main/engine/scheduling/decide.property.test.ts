import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide } from './decide.ts'
import { dispatch } from './dispatch.ts'
import { newJob } from './new-job.ts'
import type { AttemptOutcome, JobEvent, JobPolicy, JobState } from './state.ts'
import { isInFlight, isTerminalJob, isTerminalSheet, isTimed } from './statuses.ts'

const START = 1_000_000
const HOUR = 3_600_000

const policies = fc.record<JobPolicy>({
  maxRetries: fc.integer({ min: 0, max: 4 }),
  baseDelayMs: fc.integer({ min: 0, max: 20_000 }),
  maxDelayMs: fc.integer({ min: 0, max: HOUR }),
  exponentialBase: fc.double({ min: 1, max: 3, noNaN: true }),
  jitter: fc.boolean(),
  maxRateLimitWaits: fc.integer({ min: 0, max: 3 }),
  defaultRateLimitWaitMs: fc.integer({ min: 0, max: HOUR }),
})

const error = fc.constant({ code: 'E009', message: 'broken' })
const outcomes: fc.Arbitrary<AttemptOutcome> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<AttemptOutcome>({ kind: 'succeeded', validation: null }) },
  fc.record({ kind: fc.constant('failed' as const), error, retriable: fc.boolean(), validation: fc.constant(null) }),
  fc.record({
    kind: fc.constant('rate_limited' as const),
    message: fc.constant('limit'),
    resetAt: fc.option(fc.integer({ min: 0, max: 2 * START })),
  }),
  fc.constant<AttemptOutcome>({ kind: 'lost' }),
  fc.record({ kind: fc.constant('stopped' as const), survivors: fc.array(fc.nat()) }),
)

/** Events that make sense and events that do not, in any order. */
const events: fc.Arbitrary<JobEvent> = fc.oneof(
  fc.constant<JobEvent>({ type: 'start' }),
  fc.record({ type: fc.constant('slot_granted' as const), sheet: fc.integer({ min: 0, max: 6 }) }),
  fc.record({
    type: fc.constant('attempt_started' as const),
    sheet: fc.integer({ min: 0, max: 6 }),
    attempt: fc.integer({ min: 0, max: 4 }),
  }),
  fc.record({
    type: fc.constant('attempt_ended' as const),
    sheet: fc.integer({ min: 0, max: 6 }),
    attempt: fc.integer({ min: 0, max: 4 }),
    outcome: outcomes,
    usage: fc.constant(null),
  }),
  fc.record({ type: fc.constant('timer_fired' as const), sheet: fc.integer({ min: 0, max: 6 }) }),
  fc.record({ type: fc.constant('pause' as const), by: fc.constantFrom('user' as const, 'signal_file' as const) }),
  fc.constant<JobEvent>({ type: 'resume' }),
  fc.constant<JobEvent>({ type: 'cancel' }),
)

const jobs = fc.record({ sheets: fc.integer({ min: 1, max: 6 }), policy: policies }).map(({ sheets, policy }) => {
  const planned = Array.from({ length: sheets }, (_, index) => ({ number: index + 1, startItem: index + 1, endItem: index + 1 }))
  return newJob('job', { sheets: planned }, policy, START)
})

/** What a user may do, and how attempts may end, while an obedient outside does everything the job asks for. */
const scripts = fc.array(
  fc.oneof({ weight: 5, arbitrary: outcomes }, fc.constantFrom('pause' as const, 'cancel' as const, 'resume' as const)),
  {
    maxLength: 60,
  },
)

/** The event an obedient outside would send next, or null when the job waits for its user or is over. */
function nextEvent(job: JobState, outcome: AttemptOutcome): { event: JobEvent; now: number } | null {
  const dispatched = job.sheets.find(({ status }) => status === 'dispatched')
  if (dispatched)
    return { event: { type: 'attempt_started', sheet: dispatched.number, attempt: dispatched.attempts }, now: START }
  const running = job.sheets.find(isInFlight)
  if (running)
    return {
      event: { type: 'attempt_ended', sheet: running.number, attempt: running.attempts, outcome, usage: null },
      now: START,
    }
  const [grant] = dispatch([job], 1).grants
  if (grant) return { event: { type: 'slot_granted', sheet: grant.sheet }, now: START }
  const timed = job.intent === 'run' ? job.sheets.find(isTimed) : undefined
  if (timed?.wakeAt) return { event: { type: 'timer_fired', sheet: timed.number }, now: timed.wakeAt }
  return null
}

describe('decide, whatever happens in whatever order', () => {
  it('leaves terminal jobs alone: they absorb everything but the resume of a failed or cancelled one', () => {
    fc.assert(
      fc.property(jobs, fc.array(events, { maxLength: 80 }), events, (job, before, event) => {
        const state = before.reduce((current, happened) => decide(current, happened, START).state, job)
        fc.pre(isTerminalJob(state.status))
        fc.pre(event.type !== 'resume' || state.status === 'completed')
        const decision = decide(state, event, START)
        expect(decision.state).toBe(state)
        expect(decision.effects).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('never changes a completed sheet, not even by resume', () => {
    fc.assert(
      fc.property(jobs, fc.array(events, { maxLength: 80 }), (job, happenings) => {
        let state = job
        for (const event of happenings) {
          const next = decide(state, event, START).state
          state.sheets.forEach((sheet, index) => {
            if (sheet.status === 'completed') expect(next.sheets[index]).toBe(sheet)
          })
          state = next
        }
      }),
    )
  })

  it('always leaves a next step: a process, a ready sheet, a timer, or a user who can resume', () => {
    fc.assert(
      fc.property(jobs, fc.array(events, { maxLength: 80 }), (job, happenings) => {
        let state = decide(job, { type: 'start' }, START).state
        for (const event of happenings) {
          state = decide(state, event, START).state
          const { sheets, status } = state
          if (status === 'running' || status === 'pausing') expect(sheets.some(isInFlight)).toBe(true)
          else expect(sheets.some(isInFlight)).toBe(false)
          if (status === 'queued') expect(sheets.some((sheet) => sheet.status === 'ready')).toBe(true)
          if (status === 'waiting') expect(sheets.some((sheet) => isTimed(sheet) && sheet.wakeAt !== null)).toBe(true)
          if (isTerminalJob(status)) expect(sheets.every(isTerminalSheet)).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('never starts an attempt while paused or cancelled, and never two of one job', () => {
    fc.assert(
      fc.property(jobs, fc.array(events, { maxLength: 80 }), (job, happenings) => {
        let state = job
        for (const event of happenings) {
          const decision = decide(state, event, START)
          const starts = decision.effects.filter(({ type }) => type === 'start_attempt')
          if (starts.length > 0) expect(state.intent).toBe('run')
          state = decision.state
          expect(state.sheets.filter(isInFlight).length).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it('counts versions up by one with every change, and changes nothing without one', () => {
    fc.assert(
      fc.property(jobs, fc.array(events, { maxLength: 80 }), (job, happenings) => {
        let state = job
        for (const event of happenings) {
          const next = decide(state, event, START).state
          if (next !== state) expect(next.version).toBe(state.version + 1)
          state = next
        }
      }),
    )
  })
})

describe('a job whose outside does all it asks for', () => {
  it('comes to an end or waits for its user, with a bounded number of attempts', () => {
    fc.assert(
      fc.property(jobs, scripts, outcomes, (job, script, forever) => {
        let state = decide(job, { type: 'start' }, START).state
        let resumes = 1
        for (const act of script) {
          if (typeof act === 'string') {
            const event: JobEvent = act === 'pause' ? { type: 'pause', by: 'user' } : { type: act }
            if (act === 'resume') resumes++
            state = decide(state, event, START).state
            continue
          }
          const next = nextEvent(state, act)
          if (next) state = decide(state, next.event, next.now).state
        }
        // From here on every attempt ends the same way: sooner or later there is nothing left to do.
        const { maxRetries, maxRateLimitWaits } = job.policy
        const bound = resumes * job.sheets.length * (Math.max(1, maxRetries) + maxRateLimitWaits + 2)
        for (let steps = 0; steps < 4 * bound + 10; steps++) {
          const next = nextEvent(state, forever.kind === 'stopped' ? { kind: 'lost' } : forever)
          if (!next) break
          state = decide(state, next.event, next.now).state
        }
        expect(nextEvent(state, forever)).toBeNull()
        expect(['completed', 'failed', 'cancelled', 'paused', 'interrupted']).toContain(state.status)
      }),
      { numRuns: 500 },
    )
  })

  it('completes when everything succeeds, each sheet in one attempt', () => {
    fc.assert(
      fc.property(jobs, (job) => {
        let state = decide(job, { type: 'start' }, START).state
        for (
          let next = nextEvent(state, { kind: 'succeeded', validation: null });
          next;
          next = nextEvent(state, { kind: 'succeeded', validation: null })
        ) {
          state = decide(state, next.event, next.now).state
        }
        expect(state.status).toBe('completed')
        expect(state.sheets.map(({ attempts }) => attempts)).toEqual(state.sheets.map(() => 1))
      }),
    )
  })
})
