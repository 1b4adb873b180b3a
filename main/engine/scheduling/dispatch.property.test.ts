import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { graphs, jobs, outcomes, policies } from '../../../test/support/arbitrary-jobs.ts'
import { aJob, failure, SUCCESS } from '../../../test/support/jobs.ts'
import { World } from '../../../test/support/world.ts'
import type { AttemptOutcome, FermataDecision, JobEvent, JobState } from './state.ts'

const RUNS = { numRuns: 300 }

const several = fc
  .integer({ min: 1, max: 3 })
  .chain((count) => fc.tuple(...['x', 'y', 'z'].slice(0, count).map((id) => jobs(id))))
const rooms = fc.record({
  maxSheets: fc.integer({ min: 1, max: 5 }),
  instrument: fc.integer({ min: 1, max: 3 }),
  large: fc.integer({ min: 1, max: 2 }),
})

/** What the user, the score's rules and bad luck do while the outside does all it is asked for. */
const acts = fc.array(
  fc.record({
    act: fc.oneof(
      { weight: 20, arbitrary: fc.constant('go on' as const) },
      {
        weight: 3,
        arbitrary: fc.constantFrom('pause' as const, 'resume' as const, 'resume' as const, 'decide' as const),
      },
      { weight: 1, arbitrary: fc.constantFrom('cancel' as const, 'crash' as const, 'hold' as const, 'skip' as const) },
      { weight: 2, arbitrary: fc.constantFrom('freeze' as const, 'thaw' as const) },
      { weight: 1, arbitrary: fc.constantFrom('retry_sheet' as const, 'skip_sheet' as const, 'login' as const) },
    ),
    pick: fc.nat(10_000),
    outcome: outcomes,
    cost: fc.option(fc.integer({ min: 0, max: 4 }).map((quarters) => quarters / 4)),
  }),
  { maxLength: 150, size: 'max' },
)

const DECISIONS: readonly FermataDecision[] = ['accept', 'retry', 'skip', 'fail']

/** What a person does to a job, as far as there is something to do. */
function eventFor(job: JobState, act: string, pick: number): JobEvent | null {
  const sheetThat = (status: string) => {
    const found = job.sheets.filter((sheet) => sheet.status === status)
    return found[pick % Math.max(1, found.length)]?.number
  }
  switch (act) {
    case 'pause':
      return { type: 'pause', by: pick % 2 ? 'user' : 'signal_file' }
    case 'resume':
    case 'cancel':
      return { type: act }
    case 'freeze':
      return { type: act, by: pick % 3 ? 'user' : 'pressure' }
    case 'thaw':
      return { type: act }
    case 'retry_sheet':
    case 'skip_sheet':
      return { type: act, sheet: 1 + (pick % job.sheets.length) }
    case 'decide': {
      const sheet = sheetThat('fermata')
      return sheet ? { type: 'decision', sheet, decision: DECISIONS[pick % 4] ?? 'accept' } : null
    }
    case 'hold':
    case 'skip': {
      const sheet = sheetThat('ready')
      return sheet ? { type: act, sheet, reason: 'r' } : null
    }
    default:
      return null
  }
}

const NO_BUDGET = { tokens: null, usd: null, warnPercent: 80, action: 'pause' } as const
const NO_BUDGETS = { sheet: NO_BUDGET, job: NO_BUDGET, whenSilent: 'act' } as const

/** Lets all happen that can until there is nothing left; answers with the number of steps. */
function finish(world: World, outcome: AttemptOutcome, most = 5000): number {
  for (let steps = 0; steps < most; steps++) {
    const [next] = world.next()
    if (!next) return steps
    world.do(next, outcome, null)
  }
  throw new Error(`It is not over after ${most} steps`)
}

/** The most attempts a sheet may have between two goes that its user gave it. */
function budget({ policy, graph }: JobState, sheet: number): number {
  const tries = Math.max(1, policy.maxRetries) + policy.maxCompletions + 1
  const waits = policy.maxRateLimitWaits + policy.maxQuotaWaits + 2
  return (graph.stations[sheet - 1]?.length ?? 1) * tries + waits
}

describe('jobs whose outside does all they ask for', () => {
  it('come to an end or wait for a person, keep to every limit, and lose or repeat nothing that is done, through pauses, resumes, cancels and crashes', () => {
    const seen = new Map<string, number>()
    fc.assert(
      fc.property(several, rooms, acts, outcomes, (started, room, script, last) => {
        const world = new World(started, room)
        const goes = new Map(started.map(({ id }) => [id, 1]))
        const more = (id: string) => goes.set(id, (goes.get(id) ?? 0) + 1)
        const done = new Set<string>()
        for (const { act, pick, outcome, cost } of script) {
          const job = [...world.jobs.values()][pick % world.jobs.size]
          if (!job) continue
          const all = world.next()
          const next = all[pick % Math.max(1, all.length)]
          const event = eventFor(job, act, pick)
          if (act === 'crash') world.crash((sheet) => (pick + sheet) % 3 === 0)
          else if (act === 'login') world.login()
          else if (event) world.happen(job.id, event)
          else if (next) world.do(next, outcome, cost)
          if (['resume', 'decide', 'retry_sheet', 'skip_sheet'].includes(act)) more(job.id)
          // Ended without the sheet's fault: what these cost is not of its budget.
          if (act === 'crash' || act === 'login' || outcome.kind === 'lost' || outcome.kind === 'stopped')
            for (const id of world.jobs.keys()) more(id)
          for (const { id, sheets } of world.jobs.values()) {
            for (const { number, status } of sheets) if (status === 'completed') done.add(`${id}/${number}`)
          }
        }
        for (const { id } of world.jobs.values()) world.happen(id, { type: 'budgets_changed', budgets: NO_BUDGETS })
        for (const { id } of world.jobs.values()) world.happen(id, { type: 'thaw' })
        finish(world, last.kind === 'stopped' ? { kind: 'lost' } : last)
        expect(world.running.size).toBe(0)
        for (const job of world.jobs.values()) {
          const held = job.sheets.some(({ status }) => status === 'fermata') || world.wantsLogin(job)
          expect(['completed', 'failed', 'cancelled', 'paused', 'interrupted', ...(held ? ['waiting', 'queued'] : [])]).toContain(
            job.status,
          )
          for (const { number, attempts, status } of job.sheets) {
            if (done.has(`${job.id}/${number}`)) expect(status).toBe('completed')
            expect(attempts).toBeLessThanOrEqual((goes.get(job.id) ?? 1) * budget(job, number))
          }
          world.count(`end: ${job.status}`)
        }
        for (const [what, count] of world.counts) seen.set(what, (seen.get(what) ?? 0) + count)
      }),
      RUNS,
    )
    const floors = {
      start_attempt: 333,
      parallel: 266,
      full: 333,
      'instrument full': 333,
      'model full': 266,
      probe: 1,
      refuse_instrument: 3,
      login: 1,
      completed: 166,
      retrying: 16,
      partial: 2,
      switched: 40,
      rate_limited: 3,
      fermata: 2,
      skipped: 1,
      frozen: 20,
      thawed: 6,
      lost: 26,
      crash: 20,
      resumed: 33,
      run_hooks: 13,
      'end: completed': 16,
      'end: failed': 13,
      'end: paused': 1,
      'end: interrupted': 1,
      'end: cancelled': 1,
      'end: waiting': 1,
    }
    for (const [what, floor] of Object.entries(floors)) expect(seen.get(what) ?? 0, what).toBeGreaterThanOrEqual(floor)
  })

  it('complete when everything succeeds, each sheet in one attempt', () => {
    const calm = policies.map((policy) => ({ ...policy, budgets: NO_BUDGETS }))
    fc.assert(
      fc.property(jobs('x', calm), jobs('y', calm), rooms, (x, y, room) => {
        const world = new World([x, y], room)
        finish(world, SUCCESS)
        for (const { status, sheets } of world.jobs.values()) {
          expect(status).toBe('completed')
          expect(new Set(sheets.map(({ attempts }) => attempts))).toEqual(new Set([1]))
        }
      }),
      RUNS,
    )
  })

  it('leave out after a failure exactly what depends on it, however far away (case 15)', () => {
    let failures = 0
    let blockedSheets = 0
    const fates = fc.array(fc.constantFrom('fails', 'succeeds', 'succeeds', 'left out'), { minLength: 9, maxLength: 9 })
    fc.assert(
      fc.property(graphs, fates, rooms, ({ sheets, dependencies }, fate, room) => {
        const parallel = { enabled: true, fail_fast: false }
        const world = new World([aJob({ sheets, sheet: { dependencies }, parallel })], room, (sheet) =>
          fate[sheet - 1] === 'left out' ? { type: 'skip', sheet, reason: 'r' } : { type: 'slot_granted', sheet },
        )
        for (let [next] = world.next(); next; [next] = world.next())
          world.do(next, next.kind === 'end' && fate[next.sheet - 1] === 'fails' ? failure('E301', false) : SUCCESS, null)
        const job = world.jobs.get('job-1') as JobState
        const blocked = (sheet: number): boolean =>
          (dependencies[sheet] ?? []).some((source) => blocked(source) || fate[source - 1] === 'fails')
        const expected = job.sheets.map(({ number }) => (blocked(number) ? 'blocked' : fate[number - 1]))
        const words = { completed: 'succeeds', failed: 'fails', skipped: 'left out' } as Record<string, string>
        expect(job.sheets.map(({ status, error }) => (status === 'skipped' && error ? 'blocked' : words[status]))).toEqual(
          expected,
        )
        expect(job.status).toBe(expected.includes('fails') ? 'failed' : 'completed')
        failures += expected.filter((word) => word === 'fails').length
        blockedSheets += expected.filter((word) => word === 'blocked').length
      }),
      RUNS,
    )
    expect(failures).toBeGreaterThan(100)
    expect(blockedSheets).toBeGreaterThan(100)
  })
})
