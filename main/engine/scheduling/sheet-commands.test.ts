import { describe, expect, it } from 'vitest'
import {
  aJob,
  attempt,
  ended,
  failure,
  jobNews,
  LIMIT,
  NOW,
  play,
  run,
  STOPPED,
  SUCCESS,
  statuses,
  survivor,
} from '../../../test/support/jobs.ts'
import { sheetRefusal } from './sheet-commands.ts'
import type { JobEvent } from './state.ts'

const retry = (sheet: number): JobEvent => ({ type: 'retry_sheet', sheet })
const skip = (sheet: number): JobEvent => ({ type: 'skip_sheet', sheet })
const FATAL = failure('E009', false)
const LOOSE = { enabled: true, max_concurrent: 4, fail_fast: false }
/** 1 → 2 → 4, 3 alone. */
const GRAPH = { sheets: 4, sheet: { dependencies: { 2: [1], 4: [2] } }, parallel: LOOSE }

describe('running a sheet again', () => {
  it('ends its running attempt first, and costs none of its tries', () => {
    const { state, effects } = play(aJob({ sheets: 2 }), [...run(1), retry(1)])
    expect(effects.at(-1)).toEqual({ type: 'stop_attempt', sheet: 1 })
    expect([state.status, state.sheets[0]?.status]).toEqual(['running', 'in_progress'])
    expect(play(state, [retry(1)]).state, 'asked twice').toBe(state)
    const again = play(state, [ended(1, 1, STOPPED)]).state
    expect(again.sheets[0]).toMatchObject({ status: 'ready', attempts: 1, failures: 0, asked: null })
  })

  it('does not start it beside a process that could not be ended', () => {
    const { state } = play(aJob({ sheets: 2 }), [
      ...run(1),
      retry(1),
      ended(1, 1, { kind: 'stopped', survivors: [survivor(77)] }),
    ])
    expect(state.sheets[0]).toMatchObject({ status: 'failed', error: { code: 'E002', message: expect.stringContaining('77') } })
    expect(state.survivors).toEqual([survivor(77)])
  })

  it('keeps what it brought when it was done before it could be ended', () => {
    expect(play(aJob({ sheets: 1 }), [...run(1), retry(1), ended(1, 1, SUCCESS)]).state.status).toBe('completed')
  })

  it('ends a wait at once', () => {
    const { state, effects } = play(aJob({ sheets: 1 }), [...attempt(1, 1, LIMIT), retry(1)])
    expect(effects.at(-1)).toEqual({ type: 'clear_timer', sheet: 1 })
    expect(state.sheets[0]).toMatchObject({ status: 'ready', wakeAt: null, rateLimitWaits: 0 })
  })

  it('brings back what failed and what was left out for it, and lets a job go on that was over', () => {
    const over = play(aJob(GRAPH), [...attempt(1, 1, FATAL), ...attempt(3, 1, SUCCESS)])
    expect([over.state.status, statuses(over.state)]).toEqual(['failed', ['failed', 'skipped', 'completed', 'skipped']])
    const { state, effects } = play(over.state, [retry(1)])
    expect([state.status, statuses(state)]).toEqual(['queued', ['ready', 'pending', 'completed', 'pending']])
    expect(jobNews(effects)).toEqual(['resumed'])
  })

  it('brings back what its user left out, and nothing else', () => {
    const { state } = play(aJob({ sheets: 2 }), [skip(1), retry(1)])
    expect(statuses(state)).toEqual(['ready', 'pending'])
  })

  it('lets what was tried again after it wait for it, once it comes back', () => {
    const begun = play(aJob({ sheets: 2 }), [skip(1), ...run(2), retry(1), ended(2, 1, failure('E009'))]).state
    expect(statuses(begun)).toEqual(['ready', 'retry_scheduled'])
    const { state } = play(begun, [{ type: 'timer_fired', sheet: 2 }], begun.sheets[1]?.wakeAt ?? 0)
    expect(statuses(state)).toEqual(['ready', 'pending'])
  })

  it('keeps a paused job paused', () => {
    const pausing = play(aJob(GRAPH), [...run(1), { type: 'pause', by: 'user' }, ended(1, 1, FATAL)]).state
    expect(pausing.status).toBe('paused')
    const { state } = play(pausing, [retry(1)])
    expect([state.status, statuses(state)]).toEqual(['paused', ['pending', 'pending', 'pending', 'pending']])
  })
})

describe('leaving a sheet out', () => {
  it('lets go whatever depends on it', () => {
    const { state } = play(aJob(GRAPH), [skip(1)])
    expect(statuses(state)).toEqual(['skipped', 'ready', 'ready', 'pending'])
    expect(state.sheets[0]?.note).toBe('Left out by you')
  })

  it('ends its running attempt first, however that ends', () => {
    for (const outcome of [STOPPED, FATAL, { kind: 'lost' } as const]) {
      const { state } = play(aJob({ sheets: 2 }), [...run(1), skip(1), ended(1, 1, outcome)])
      expect(statuses(state)).toEqual(['skipped', 'ready'])
    }
  })

  it('lets a failed job go on without the sheet', () => {
    const over = play(aJob(GRAPH), [...attempt(1, 1, FATAL), ...attempt(3, 1, SUCCESS)]).state
    const { state } = play(over, [skip(1), ...attempt(2, 1, SUCCESS), ...attempt(4, 1, SUCCESS)])
    expect([state.status, statuses(state)]).toEqual(['completed', ['skipped', 'completed', 'completed', 'completed']])
  })

  it('completes a job of which nothing else is left', () => {
    expect(play(aJob({ sheets: 2 }), [...attempt(1, 1, SUCCESS), skip(2)]).state.status).toBe('completed')
  })
})

describe('a command that makes no sense for the sheet', () => {
  const completed = play(aJob({ sheets: 2 }), attempt(1, 1, SUCCESS)).state
  const failed = play(aJob(GRAPH), [...attempt(1, 1, FATAL), ...attempt(3, 1, SUCCESS)]).state
  const cancelled = play(aJob({ sheets: 2 }), [{ type: 'cancel' }]).state

  it.each([
    [completed, 1, 'retry', 'sheet 1 is completed'],
    [completed, 1, 'skip', 'sheet 1 is completed'],
    [completed, 2, 'retry', 'sheet 2 is ready'],
    [completed, 9, 'skip', 'There is no sheet 9'],
    [failed, 2, 'retry', 'sheet 2 is held up by one that failed'],
    [cancelled, 1, 'skip', 'sheet 1 is cancelled'],
    [cancelled, 2, 'retry', 'Sheet 2 needs sheet 1, which is cancelled'],
  ] as const)('is refused with a sentence that names its status (%#)', (job, sheet, command, words) => {
    expect(sheetRefusal(job, sheet, command)).toContain(words)
    const type = command === 'retry' ? 'retry_sheet' : 'skip_sheet'
    expect(play(job, [{ type, sheet }], NOW).state).toBe(job)
  })

  it('says so when another failure would end the job at once again', () => {
    const parallel = { enabled: true, max_concurrent: 2, fail_fast: true }
    const both = play(aJob({ sheets: 2, sheet: { dependencies: { 2: [] } }, parallel }), [
      ...run(1),
      ...run(2),
      ended(1, 1, FATAL),
      ended(2, 1, FATAL),
    ]).state
    expect(sheetRefusal(both, 1, 'retry')).toContain('Sheet 2 failed too')
  })
})
