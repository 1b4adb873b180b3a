import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventOf, jobs, type Move, moves } from '../../../test/support/arbitrary-jobs.ts'
import { NOW } from '../../../test/support/jobs.ts'
import { decide } from './decide.ts'
import { waitsForLogin } from './limit-wait.ts'
import type { Decision, JobEvent, JobState } from './state.ts'
import { isBlocked, isInFlight, isSatisfied, isTerminalJob, isTerminalSheet, isTimed } from './statuses.ts'

const RUNS = { numRuns: 400 }

interface Step extends Decision {
  readonly before: JobState
  readonly event: JobEvent
}

/** Plays moves one after another and shows each step. */
function walk(job: JobState, script: readonly Move[], look: (step: Step) => void): JobState {
  let state = decide(job, { type: 'start' }, NOW).state
  let now = NOW
  for (const move of script) {
    const { event, at = now } = eventOf(state, move)
    now = Math.max(now, at)
    const before = state
    const decision = decide(before, event, now)
    look({ before, event, ...decision })
    state = decision.state
  }
  return state
}

const sources = (job: JobState, sheet: number) =>
  (job.graph.dependsOn[sheet - 1] ?? []).flatMap((number) => job.sheets[number - 1] ?? [])

describe('decide, whatever happens in whatever order', () => {
  it('leaves sheets alone that are done: they absorb every event but the resume of what failed (case 12)', () => {
    fc.assert(
      fc.property(jobs(), moves, (job, script) => {
        walk(job, script, ({ before, event, state }) => {
          for (const [index, sheet] of before.sheets.entries()) {
            const isRerun =
              event.type === 'resume' || event.type === 'retry_sheet' || event.type === 'skip_sheet' || event.type === 'decision'
            const isWanted = event.type === 'retry_sheet' && event.sheet === sheet.number && sheet.status === 'skipped'
            const mayReturn = isRerun && (['failed', 'cancelled'].includes(sheet.status) || isBlocked(sheet) || isWanted)
            if (isTerminalSheet(sheet) && !mayReturn) expect(state.sheets[index]).toBe(sheet)
          }
        })
      }),
      RUNS,
    )
  })

  it('leaves jobs alone that are over: they absorb everything but the resume of a failed or cancelled one', () => {
    fc.assert(
      fc.property(jobs(), moves, (job, script) => {
        walk(job, script, ({ before, event, state, effects }) => {
          const isAsked = ['resume', 'retry_sheet', 'skip_sheet'].includes(event.type)
          // Its survivors may end though it is over, and its next go may be allowed more.
          if (event.type === 'survivors_ended' || event.type === 'budgets_changed') return
          if (!isTerminalJob(before.status) || (isAsked && before.status !== 'completed')) return
          expect(state).toBe(before)
          expect(effects).toEqual([])
        })
      }),
      RUNS,
    )
  })

  it('always leaves a next step: a process, hooks, a ready sheet, a timer, or a person who can go on', () => {
    fc.assert(
      fc.property(jobs(), moves, (job, script) => {
        walk(job, script, ({ state: { sheets, status, hooks, intent, hold, frozen } }) => {
          const some = (status: string) => sheets.some((sheet) => sheet.status === status)
          if (status === 'running' || status === 'pausing') expect(sheets.some(isInFlight) || hooks === 'running').toBe(true)
          else expect(sheets.some(isInFlight)).toBe(frozen !== null)
          if (status === 'queued') expect(some('ready')).toBe(true)
          if (status === 'waiting')
            expect(
              some('fermata') ||
                sheets.some((sheet) => waitsForLogin(sheet) || (isTimed(sheet) && Number.isFinite(sheet.wakeAt))),
            ).toBe(true)
          if (frozen) expect(status).toBe('paused')
          else if (['pausing', 'paused', 'interrupted'].includes(status))
            expect([intent, hold === null]).toEqual(['pause', false])
          if (isTerminalJob(status)) expect(sheets.every(isTerminalSheet)).toBe(true)
        })
      }),
      RUNS,
    )
  })

  it('starts an attempt only of a ready sheet of a job that is to run, with all done that it depends on', () => {
    fc.assert(
      fc.property(jobs(), moves, (job, script) => {
        walk(job, script, ({ before, effects }) => {
          for (const effect of effects) {
            if (effect.type !== 'start_attempt') continue
            expect([before.intent, before.frozen]).toEqual(['run', null])
            expect(before.sheets[effect.sheet - 1]?.status).toBe('ready')
            expect(effect.attempt).toBe((before.sheets[effect.sheet - 1]?.attempts ?? 0) + 1)
            expect(sources(before, effect.sheet).every(isSatisfied)).toBe(true)
          }
        })
      }),
      RUNS,
    )
  })

  it('runs no sheet again that left something running, and forgets nothing of it before that was looked at', () => {
    fc.assert(
      fc.property(jobs(), moves, (job, script) => {
        walk(job, script, ({ before, event, state }) => {
          if (event.type !== 'survivors_ended') for (const one of before.survivors) expect(state.survivors).toContainEqual(one)
          if (event.type !== 'attempt_ended' || state === before || event.outcome.kind === 'succeeded') return
          const { survivors = [] } = event.outcome
          for (const one of survivors) expect(state.survivors).toContainEqual(one)
          const sheet = state.sheets[event.sheet - 1]
          if (survivors.length > 0 && sheet) expect(isTerminalSheet(sheet)).toBe(true)
        })
      }),
      RUNS,
    )
  })

  it('leaves no sheet waiting for one that failed, and blames no sheet that could run', () => {
    fc.assert(
      fc.property(jobs(), moves, (job, script) => {
        walk(job, script, ({ state }) => {
          for (const sheet of state.sheets) {
            const stuck = sources(state, sheet.number).some((source) => source.status === 'failed' || isBlocked(source))
            if (stuck && !isInFlight(sheet)) expect(isTerminalSheet(sheet)).toBe(true)
            if (isBlocked(sheet) && !state.policy.failFast) expect(stuck).toBe(true)
          }
        })
      }),
      RUNS,
    )
  })

  it('keeps a timer exactly for the sheets of a running job that wait for a time', () => {
    fc.assert(
      fc.property(jobs(), moves, (job, script) => {
        const timers = new Map<number, number>()
        walk(job, script, ({ event, state, effects }) => {
          if (event.type === 'timer_fired') timers.delete(event.sheet)
          for (const effect of effects) {
            if (effect.type === 'set_timer') timers.set(effect.sheet, effect.at)
            if (effect.type === 'clear_timer') timers.delete(effect.sheet)
          }
          const timed = state.intent === 'run' ? state.sheets.filter((sheet) => isTimed(sheet) && sheet.wakeAt !== null) : []
          expect([...timers].sort()).toEqual(timed.map(({ number, wakeAt }) => [number, wakeAt]).sort())
        })
      }),
      RUNS,
    )
  })

  it('lets the clock of a job run exactly while a sheet of it is in flight and goes', () => {
    fc.assert(
      fc.property(jobs(), moves, (job, script) => {
        walk(job, script, ({ state, before }) => {
          expect(state.runningSince !== null).toBe(state.frozen === null && state.sheets.some(isInFlight))
          expect(state.ranMs).toBeGreaterThanOrEqual(0)
          if (before.runningSince === null && state.runningSince === null && state.ranMs !== 0)
            expect(state.ranMs).toBe(before.ranMs)
        })
      }),
      RUNS,
    )
  })

  it('counts versions up by one with every change, changes nothing without one, and says the same each time', () => {
    fc.assert(
      fc.property(jobs(), moves, (job, script) => {
        walk(job, script, ({ before, state }) => {
          expect(state.version).toBe(state === before ? before.version : before.version + 1)
        })
        expect(walk(job, script, () => undefined)).toEqual(walk(job, script, () => undefined))
      }),
      RUNS,
    )
  })

  it('is tried here on what matters: sheets that complete, retry, mend, switch, are held, left out and limited', () => {
    const seen = new Map<string, number>()
    const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1)
    fc.assert(
      fc.property(jobs(), moves, (job, script) => {
        const end = walk(job, script, ({ effects, before, state }) => {
          for (const effect of effects) {
            if (effect.type === 'announce_sheet' || effect.type === 'announce_job') count(`${effect.type}: ${effect.news}`)
            else count(effect.type)
          }
          if (before.hold !== state.hold && state.hold) count(`hold: ${state.hold}`)
        })
        count(`end: ${end.status}`)
      }),
      RUNS,
    )
    const floors = {
      start_attempt: 266,
      'announce_sheet: completed': 133,
      'announce_sheet: retrying': 10,
      'announce_sheet: partial': 1,
      'announce_sheet: switched': 26,
      'announce_sheet: fermata': 1,
      'announce_sheet: skipped': 1,
      'announce_sheet: rate_limited': 1,
      'announce_sheet: lost': 6,
      'announce_sheet: cancelled': 1,
      'announce_job: frozen': 5,
      'announce_job: thawed': 1,
      freeze_attempt: 5,
      set_clock: 10,
      'hold: timeout': 1,
      'announce_job: budget_warning': 1,
      'announce_job: completed': 5,
      'announce_job: failed': 3,
      'announce_job: cancelled': 1,
      'hold: user': 3,
      'hold: return': 3,
      'hold: budget': 1,
      run_hooks: 6,
    }
    for (const [what, floor] of Object.entries(floors)) expect(seen.get(what) ?? 0, what).toBeGreaterThanOrEqual(floor)
  })
})
