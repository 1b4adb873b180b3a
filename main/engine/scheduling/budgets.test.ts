import { describe, expect, it } from 'vitest'
import {
  aJob,
  attempt,
  ended,
  FAILURE,
  jobNews,
  LIMIT,
  NOW,
  play,
  run,
  STOPPED,
  SUCCESS,
  statuses,
} from '../../../test/support/jobs.ts'
import { budgetRefusal, isWorthTelling } from './budgets.ts'
import { decide } from './decide.ts'
import { reasonFor } from './reason.ts'
import type { JobEvent, JobState } from './state.ts'
import { NO_USAGE } from './usage.ts'

const RESUME = { type: 'resume' } as const
const perJob = (limit: number, more: object = {}) => aJob({ sheets: 4, cost_limits: { max_cost_per_job: limit, ...more } })

describe('the cost limit of a job (Marianne §7.8)', () => {
  it('pauses it as soon as it is passed', () => {
    const under = play(perJob(2), attempt(1, 1, SUCCESS, 2)).state
    expect(under.status).toBe('queued')
    const { state, effects } = play(under, attempt(2, 1, SUCCESS, 0.01))
    expect(state).toMatchObject({ status: 'paused', hold: 'budget' })
    expect(jobNews(effects)).toEqual(['paused'])
  })

  it('pauses it again on every resume until it is raised, and says so (case 17)', () => {
    const over = play(perJob(2), attempt(1, 1, SUCCESS, 3)).state
    const { state, effects } = play(over, [RESUME, { type: 'slot_granted', sheet: 2 }, RESUME])
    expect(state).toMatchObject({ status: 'paused', hold: 'budget' })
    expect(jobNews(effects)).toEqual(['resumed', 'paused', 'resumed', 'paused'])
    expect(effects).not.toContainEqual(expect.objectContaining({ type: 'start_attempt' }))
    expect(budgetRefusal(state)).toBe('The budget is used up: it used $3.00 of $2.00.')
    const { budgets } = state.policy
    const raised = { type: 'budgets_changed', budgets: { ...budgets, job: { ...budgets.job, usd: 5 } } } as const
    expect(play(state, [raised]).state.status).toBe('queued')
  })

  it('lets the sheets finish that run', () => {
    const wide = { sheets: 2, sheet: { dependencies: { 1: [] } }, parallel: { enabled: true } }
    const job = aJob({ ...wide, cost_limits: { max_cost_per_job: 1 } })
    const { state } = play(job, [...run(1), ...run(2), ended(1, 1, SUCCESS, 5)])
    expect(state.status).toBe('pausing')
    expect(play(state, [ended(2, 1, SUCCESS, 1)]).state.status).toBe('completed')
  })

  it('stops the timers of what would go on', () => {
    const { effects } = play(perJob(1), attempt(1, 1, FAILURE, 2))
    expect(effects.filter(({ type }) => type.endsWith('_timer')).at(-1)).toEqual({ type: 'clear_timer', sheet: 1 })
  })

  it('does not matter any more when all is done', () => {
    const job = aJob({ cost_limits: { max_cost_per_job: 1 } })
    expect(play(job, attempt(1, 1, SUCCESS, 9)).state.status).toBe('completed')
  })

  it('counts failed and limited attempts too', () => {
    const { state } = play(perJob(1), [...attempt(1, 1, FAILURE, 0.6), RESUME, ...attempt(1, 2, LIMIT, 0.6)])
    expect(state).toMatchObject({ status: 'paused', hold: 'budget' })
  })

  it('is off when the score switches its limits off', () => {
    expect(play(perJob(1, { enabled: false }), attempt(1, 1, SUCCESS, 9)).state.status).toBe('queued')
  })
})

describe('the warning before it', () => {
  it('comes once, when the share of the limit is reached', () => {
    const { effects } = play(perJob(10, { warn_at_percent: 50 }), [
      ...attempt(1, 1, SUCCESS, 4.9),
      ...attempt(2, 1, SUCCESS, 0.1),
      ...attempt(3, 1, SUCCESS, 1),
    ])
    expect(jobNews(effects)).toEqual(['started', 'budget_warning'])
  })
})

describe('the cost limit of a sheet', () => {
  const job = aJob({ sheets: 2, cost_limits: { max_cost_per_sheet: 1 } })

  it('lets it fail when it is passed and the sheet is not done, whatever it could still try', () => {
    for (const outcome of [FAILURE, LIMIT]) {
      const { state } = play(job, attempt(1, 1, outcome, 1.5))
      expect(statuses(state)).toEqual(['failed', 'skipped'])
      expect(state.sheets[0]?.error).toEqual({ code: 'E999', message: 'Its budget is used up: sheet 1 used $1.50 of $1.00' })
    }
  })

  it('adds up its attempts', () => {
    const { state } = play(job, [...attempt(1, 1, FAILURE, 0.6), RESUME, ...attempt(1, 2, FAILURE, 0.6)])
    expect(state.sheets[0]).toMatchObject({ status: 'failed', attempts: 2 })
  })

  it('takes nothing from a sheet that is done, and asks its user before more is spent', () => {
    const { state } = play(job, attempt(1, 1, SUCCESS, 9))
    expect(statuses(state)).toEqual(['completed', 'pending'])
    expect(state).toMatchObject({ status: 'paused', hold: 'budget' })
    expect(reasonFor(state, undefined, NOW)).toBe(
      'Paused: sheet 1 used $9.00 of $1.00, the most the score allows a sheet. Resume goes on',
    )
    expect(statuses(play(state, [RESUME]).state)).toEqual(['completed', 'ready'])
  })
})

/** What the running attempt of sheet 1 used so far. */
const metered = (tokens: number, silent = false): JobEvent => ({
  type: 'metered',
  sheet: 1,
  attempt: 1,
  usage: { ...NO_USAGE, outputTokens: tokens },
  silent,
})

const running = (budgets: object): JobState => play(aJob({ sheets: 2, budgets }), run(1)).state
const act = (job: JobState, ...events: readonly JobEvent[]) => play(job, events)

describe('a budget of tokens, while a sheet runs', () => {
  it('warns once at its share, and says how much', () => {
    const { effects } = act(running({ job: { tokens: 1000 } }), metered(790), metered(800), metered(900))
    expect(effects.filter(({ type }) => type === 'announce_job')).toEqual([
      { type: 'announce_job', news: 'budget_warning', detail: 'The job has used 800 of 1,000 tokens' },
    ])
  })

  it('lets the sheet finish and starts no other, where it pauses', () => {
    const { state } = act(running({ job: { tokens: 1000 } }), metered(1001))
    expect(state).toMatchObject({ status: 'pausing', hold: 'budget' })
    const after = play(state, [ended(1, 1, SUCCESS)]).state
    // The program's own word was that it used nothing: what is not used up any more waits for its user all the same.
    expect(after).toMatchObject({ status: 'paused', hold: 'budget' })
  })

  it('lets its processes stand still, where it freezes, until it is raised', () => {
    const { state, effects } = act(running({ job: { tokens: 1000, action: 'freeze' } }), metered(1001))
    expect(state).toMatchObject({ status: 'paused', frozen: { by: 'budget' } })
    expect(effects).toContainEqual({ type: 'freeze_attempt', sheet: 1 })
    expect(reasonFor(state, undefined, NOW)).toBe('Frozen at 12:00:00: it used 1,001 of 1,000 tokens. Raise the budget to go on')
    expect(play(state, [{ type: 'thaw' }]).state.frozen).not.toBeNull()
    const { budgets } = state.policy
    const raised = play(state, [{ type: 'budgets_changed', budgets: { ...budgets, job: { ...budgets.job, tokens: 5000 } } }])
    expect(raised.state).toMatchObject({ status: 'running', frozen: null })
    expect(raised.effects).toContainEqual({ type: 'thaw_attempt', sheet: 1 })
  })

  it('ends the job, where it cancels, and says why', () => {
    const { state, effects } = act(running({ job: { tokens: 1000, action: 'cancel' } }), metered(1001))
    expect(effects).toContainEqual({ type: 'stop_attempt', sheet: 1 })
    const over = play(state, [{ ...(ended(1, 1, STOPPED) as object), usage: { ...NO_USAGE, outputTokens: 1001 } } as JobEvent])
    expect(over.state.status).toBe('cancelled')
    expect(reasonFor(over.state, undefined, NOW)).toBe('Cancelled, it used 1,001 of 1,000 tokens, during sheet 1')
    const { budgets } = over.state.policy
    const raised = play(over.state, [{ type: 'budgets_changed', budgets: { ...budgets, job: { ...budgets.job, tokens: 5000 } } }])
    expect(reasonFor(raised.state, undefined, NOW)).toBe('Cancelled by its budget, which was raised since, during sheet 1')
  })

  it('only tells, where its user wants no more', () => {
    const { state, effects } = act(running({ job: { tokens: 1000, action: 'notify' } }), metered(1001), metered(2000))
    expect(state.status).toBe('running')
    expect(jobNews(effects)).toEqual(['budget_limit'])
    expect(budgetRefusal(state)).toBeNull()
  })

  it('of a sheet that cancels ends that sheet, which fails', () => {
    const { state, effects } = act(running({ sheet: { tokens: 1000, action: 'cancel' } }), metered(1001))
    expect(effects).toEqual([{ type: 'stop_attempt', sheet: 1 }])
    const over = play(state, [ended(1, 1, STOPPED)]).state
    expect(statuses(over)).toEqual(['failed', 'skipped'])
    expect(over.sheets[0]?.error).toEqual({ code: 'E999', message: 'Ended: sheet 1 used 1,001 of 1,000 tokens' })
  })

  it('counts a range of cost at its upper end, and cache reads not as tokens', () => {
    const usage = { ...NO_USAGE, cacheReadTokens: 9999, costUsd: 0.8, costRange: [0.5, 1.1] as const }
    const job = running({ job: { usd: 1, tokens: 1000 } })
    expect(decide(job, { type: 'metered', sheet: 1, attempt: 1, usage, silent: false }, NOW).state.hold).toBe('budget')
  })

  it('is told of what crosses something, and of nothing else', () => {
    const job = running({ job: { tokens: 1000 } })
    const used = (outputTokens: number) => ({ ...NO_USAGE, outputTokens })
    expect([10, 799, 800, 1001].map((tokens) => isWorthTelling(job, 1, used(tokens)))).toEqual([false, false, true, true])
    const paused = act(job, metered(1001)).state
    expect(isWorthTelling(paused, 1, used(2000))).toBe(false)
    expect(isWorthTelling(running({}), 1, used(1e9))).toBe(false)
  })
})

describe('several budgets', () => {
  it.each([
    [
      'a job that only tells, a sheet that freezes',
      { job: { tokens: 50, action: 'notify' }, sheet: { tokens: 100, action: 'freeze' } },
    ],
    ['a job that pauses, a sheet that freezes', { job: { tokens: 50 }, sheet: { tokens: 100, action: 'freeze' } }],
    ['a sheet that pauses, a job that freezes', { sheet: { tokens: 50 }, job: { tokens: 100, action: 'freeze' } }],
  ])('do what any of them asks for: %s', (_what, budgets) => {
    const { state } = act(running(budgets), metered(160))
    expect(state.frozen?.by).toBe('budget')
    expect(budgetRefusal(state)).not.toBeNull()
  })

  it('of sheets that run side by side end each that is over', () => {
    const wide = { sheets: 2, sheet: { dependencies: { 1: [] } }, parallel: { enabled: true } }
    const job = play(aJob({ ...wide, budgets: { sheet: { tokens: 100, action: 'cancel' } } }), [...run(1), ...run(2)]).state
    const { state } = act(job, metered(200))
    const second = { ...NO_USAGE, outputTokens: 200 }
    expect(isWorthTelling(state, 2, second)).toBe(true)
    const { effects } = decide(state, { type: 'metered', sheet: 2, attempt: 1, usage: second, silent: false }, NOW)
    expect(effects).toEqual([{ type: 'stop_attempt', sheet: 2 }])
  })

  it('in USD count tokens whose price nobody knows: they are not free', () => {
    const usage = { ...NO_USAGE, outputTokens: 100_000, unpricedTokens: 100_000 }
    const job = running({ job: { usd: 1 } })
    expect(decide(job, { type: 'metered', sheet: 1, attempt: 1, usage, silent: false }, NOW).state.hold).toBe('budget')
  })

  it('are kept by the strictest when figures stop', () => {
    const budgets = { job: { tokens: 1000, action: 'freeze' }, sheet: { tokens: 500, action: 'notify' } }
    expect(act(running(budgets), metered(10, true)).state.frozen?.by).toBe('budget')
  })
})

describe('a sheet that stops telling what it uses', () => {
  it('counts as over its budget, until its user accepts it', () => {
    const { state } = act(running({ job: { tokens: 1000, action: 'freeze' } }), metered(10, true))
    expect(state.frozen?.by).toBe('budget')
    expect(reasonFor(state, undefined, NOW)).toBe(
      'Frozen at 12:00:00: nobody can tell any more what sheet 1 uses: it stopped reporting. Thaw lets it go on all the same',
    )
    expect(budgetRefusal(state)).toBeNull()
    const accepted = play(state, [{ type: 'thaw' }, metered(10, true)]).state
    expect(accepted).toMatchObject({ status: 'running', frozen: null })
    expect(play(accepted, [metered(20), metered(20, true)]).state.frozen?.by).toBe('budget')
  })

  it('goes on where the score says so, and where there is no budget', () => {
    expect(act(running({ job: { tokens: 1000 }, when_silent: 'go_on' }), metered(10, true)).state.status).toBe('running')
    expect(act(running({}), metered(10, true)).state.status).toBe('running')
  })
})
