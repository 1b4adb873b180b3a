import { describe, expect, it } from 'vitest'
import { attemptRecord } from '../../../../test/support/attempt-record.ts'
import { aJob, play, run } from '../../../../test/support/jobs.ts'
import { dayOf, nextDay } from '../../limits/day-budget.ts'
import type { JobRecord } from '../../ports.ts'
import { decide } from '../../scheduling/decide.ts'
import type { JobEvent, JobState } from '../../scheduling/state.ts'
import { NO_USAGE } from '../../scheduling/usage.ts'
import type { Score } from '../../score/score.ts'
import type { UsageDays, UsageEntry } from '../../storage/usage-days.ts'
import { watchDay } from './day-watch.ts'

const at = (day: number, hour = 12) => new Date(2026, 5, day, hour).getTime()
const used = (outputTokens: number) => ({ ...NO_USAGE, outputTokens })

/** A ledger in memory; another watch on it is a Fermata that comes back. */
function ledger(): UsageDays & { readonly entries: UsageEntry[] } {
  const entries: UsageEntry[] = []
  return {
    entries,
    save(entry) {
      const index = entries.findIndex(({ day, marker }) => day === entry.day && marker === entry.marker)
      entries.splice(index < 0 ? entries.length : index, index < 0 ? 0 : 1, entry)
    },
    since: (day) => entries.filter((entry) => entry.day >= day),
    before: (marker, day) => entries.filter((entry) => entry.marker === marker && entry.day < day),
  }
}

function watch(days: UsageDays, keys: { now?: number; tokens?: number; action?: 'pause' | 'freeze' | 'cancel' | 'notify' } = {}) {
  const job = { state: play(aJob(), run(1)).state, score: { name: 'opera' } as Score } as { state: JobState } & JobRecord
  const clock = { now: keys.now ?? at(1) }
  const events: JobEvent[] = []
  const told: string[] = []
  const limits = { dayTokens: keys.tokens ?? 100, dayUsd: 0, dayWarnPercent: 80, dayAction: keys.action ?? 'pause' }
  const day = watchDay({
    days,
    clock: { now: () => clock.now },
    limits: () => limits,
    jobs: () => [job],
    apply: (_id, event) => void events.push(event),
    tell: (_id, title, body) => void told.push(`${title}: ${body}`),
    onProblem: (message) => expect.unreachable(message),
  })
  const note = (marker: string, tokens: number, ended = false) =>
    day.note(job, attemptRecord({ marker, jobId: job.state.id }), used(tokens), null, ended)
  return { day, job, clock, events, told, note, limits }
}

describe('the budget of a day', () => {
  it('adds up all attempts, each as far as it is, and blocks what is new when it is used up', () => {
    const { day, note, told } = watch(ledger())
    note('a', 30)
    note('b', 40)
    expect(day.blocked()).toBeNull()
    note('a', 61)
    expect(day.blocked()).toBe("today's budget is used up (101 of 100 tokens); goes on at 00:00, or when the budget is raised")
    expect(told).toEqual(["Today's budget is used up: 101 of 100 tokens"])
    note('a', 20, true)
    expect(day.blocked()).toBeNull()
  })

  it('counts an attempt that runs over midnight on each day with what it used on it', () => {
    const days = ledger()
    const { day, note, clock } = watch(days)
    note('a', 90, true)
    clock.now = at(2, 1)
    expect(day.view()?.tokens?.used).toBe(0)
    note('a', 130, true)
    expect(day.view()?.tokens?.used).toBe(40)
    expect(days.entries.map(({ day: on, usage }) => [on, usage.outputTokens])).toEqual([
      ['2026-06-01', 90],
      ['2026-06-02', 40],
    ])
  })

  it('is in the ledger when somebody looks there, though it is written only now and then', () => {
    const days = ledger()
    const { day, note } = watch(days)
    note('a', 30)
    note('a', 60)
    day.flush()
    expect(days.entries.map(({ usage }) => usage.outputTokens)).toEqual([60])
  })

  it('is known again by the next Fermata, with what it had counted that day', () => {
    const days = ledger()
    watch(days).note('a', 120, true)
    const next = watch(days, { now: at(1, 20) })
    expect(next.day.blocked()).not.toBeNull()
    expect(watch(days, { now: at(2) }).day.blocked()).toBeNull()
  })

  it.each(['freeze', 'cancel'] as const)('may %s all that runs', (action) => {
    const { note, events } = watch(ledger(), { action })
    note('a', 101)
    expect(events[0]).toEqual({ type: action, by: 'day' })
  })

  it('is not sure any more when a sheet stops telling what it uses: it stands still, and nothing new starts', () => {
    const { day, job, events } = watch(ledger(), { action: 'freeze' })
    job.state = decide(job.state, { type: 'metered', sheet: 1, attempt: 1, usage: null, silent: true }, at(1)).state
    day.look()
    expect(events).toEqual([{ type: 'freeze', by: 'budget' }])
    expect(day.blocked()).toBe('nobody can tell what "opera" uses of today\'s budget: it stopped reporting')
  })

  it('may only tell, and warns before', () => {
    const { day, note, told } = watch(ledger(), { action: 'notify' })
    for (const tokens of [79, 80, 90, 101, 200]) note('a', tokens)
    expect(told).toEqual(["Today's budget is nearly used up: 80 of 100 tokens", "Today's budget is used up: 101 of 100 tokens"])
    expect(day.blocked()).toBeNull()
  })
})

describe('a day of the calendar', () => {
  it.each([
    ['a leap day', '2028-02-29T23:30:00', '2028-02-29', '2028-03-01T00:00:00'],
    ['new year', '2026-12-31T23:59:59', '2026-12-31', '2027-01-01T00:00:00'],
    ['a day of 23 hours', '2026-03-29T01:00:00', '2026-03-29', '2026-03-30T00:00:00'],
    ['a day of 25 hours', '2026-10-25T02:30:00', '2026-10-25', '2026-10-26T00:00:00'],
  ])('ends at midnight: %s', (_what, moment, day, next) => {
    const now = new Date(moment).getTime()
    expect(dayOf(now)).toBe(day)
    expect(nextDay(now)).toBe(new Date(next).getTime())
  })
})
