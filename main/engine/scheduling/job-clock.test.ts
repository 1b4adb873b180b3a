import { describe, expect, it } from 'vitest'
import { aJob, attempt, ended, LIMIT, NOW, play, run, STOPPED, SUCCESS, statuses } from '../../../test/support/jobs.ts'
import { decide } from './decide.ts'
import { clocked, missedShift, ranFor, timeUpAt } from './job-clock.ts'
import { reasonFor } from './reason.ts'
import type { JobEvent, JobState } from './state.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const LIMITED = { sheets: 3, job_timeout_seconds: 3600 }

/** Events with the minute each happens at. */
function timeline(job: JobState, ...steps: readonly (readonly [number, JobEvent])[]): JobState {
  return steps.reduce((state, [minute, event]) => decide(state, event, NOW + minute * MINUTE).state, job)
}
const [GRANT, BEGIN] = run(1) as [JobEvent, JobEvent]

describe('the clock of a job', () => {
  it('runs while a sheet does; neither waits nor pauses count', () => {
    const job = timeline(
      aJob(LIMITED),
      [0, GRANT],
      [0, BEGIN],
      [10, { type: 'pause', by: 'user' }],
      [15, ended(1, 1, SUCCESS)],
      [300, { type: 'resume' }],
      [301, { type: 'slot_granted', sheet: 2 }],
    )
    expect(ranFor(job, NOW + 311 * MINUTE)).toBe(25 * MINUTE)
    expect(timeUpAt(job)).toBe(NOW + (301 + 45) * MINUTE)
  })

  it('stands while the job is frozen', () => {
    const job = timeline(aJob(LIMITED), [0, GRANT], [0, BEGIN], [10, { type: 'freeze', by: 'user' }], [500, { type: 'thaw' }])
    expect(timeUpAt(job)).toBe(NOW + 550 * MINUTE)
  })

  it('leaves out the time the computer slept, and takes no notice of a wall clock that is set', () => {
    const running = play(aJob(LIMITED), run(1)).state
    const slept = decide(running, { type: 'time_shifted', sleptMs: 8 * HOUR, jumpedMs: 0 }, NOW + 8 * HOUR).state
    expect(ranFor(slept, NOW + 8 * HOUR)).toBe(0)
    for (const jumpedMs of [DAY, -DAY]) {
      const set = decide(running, { type: 'time_shifted', sleptMs: 0, jumpedMs }, NOW + jumpedMs).state
      expect(ranFor(set, NOW + jumpedMs + 5000)).toBe(5000)
    }
  })

  it('ends the job when its time is up: what runs is ended, what is done stays, and resuming gives it as much again', () => {
    const running = play(aJob(LIMITED), [...attempt(1, 1, SUCCESS), ...run(2)]).state
    expect(decide(running, { type: 'time_up' }, NOW + HOUR - 1).effects, 'too early').toEqual([{ type: 'set_clock' }])
    const up = decide(running, { type: 'time_up' }, NOW + HOUR)
    expect(up.effects).toContainEqual({ type: 'stop_attempt', sheet: 2 })
    expect(reasonFor(up.state, undefined, NOW)).toBe('Its time is up: ending sheet 2')
    const over = decide(up.state, ended(2, 1, STOPPED), NOW + HOUR).state
    expect([over.status, statuses(over)]).toEqual(['failed', ['completed', 'cancelled', 'cancelled']])
    expect(reasonFor(over, undefined, NOW)).toBe('Ran longer than its 60 min and was ended during sheet 2. Resume goes on there')
    const again = play(over, [{ type: 'resume' }, { type: 'slot_granted', sheet: 2 }], NOW + 2 * HOUR).state
    expect(timeUpAt(again)).toBe(NOW + 3 * HOUR)
  })
})

describe('the time Fermata was away', () => {
  const begun = play(aJob(LIMITED), run(1)).state
  const AWAKE = 500 * HOUR
  const left = clocked(aJob(LIMITED), begun, NOW, AWAKE)

  it('does not count as far as the computer slept, or its clock was set', () => {
    expect(missedShift(left, NOW + 9 * HOUR, AWAKE + HOUR)).toBe(8 * HOUR)
    expect(missedShift(left, NOW - DAY + HOUR, AWAKE + HOUR)).toBe(-DAY)
    expect(missedShift(left, NOW + HOUR + 900, AWAKE + HOUR)).toBe(0)
  })

  it('counts where nothing else is known: after a restart of the computer, or from an earlier Fermata', () => {
    expect(missedShift(left, NOW + 9 * HOUR, HOUR)).toBe(0)
    expect(missedShift(begun, NOW + 9 * HOUR, AWAKE)).toBe(0)
    expect(clocked(left, play(left, [ended(1, 1, STOPPED)]).state, NOW, AWAKE).runningAwake).toBeNull()
  })

  it('does not count after the last sheet in flight had ended', () => {
    const running = play(aJob(LIMITED), run(1)).state
    const gone = { ...ended(1, 1, { kind: 'lost' }), endedAt: NOW + 5 * MINUTE } as JobEvent
    const back = decide(running, gone, NOW + 600 * MINUTE).state
    expect(ranFor(back, NOW + 600 * MINUTE)).toBe(5 * MINUTE)
  })
})

describe('a wall clock that is set', () => {
  it.each([DAY, -DAY])('moves what waits for a time by as much: %d ms', (jumpedMs) => {
    const waiting = play(aJob({ sheets: 1 }), attempt(1, 1, LIMIT)).state
    const { state, effects } = decide(waiting, { type: 'time_shifted', sleptMs: 0, jumpedMs }, NOW + jumpedMs)
    const at = NOW + jumpedMs + 60_000
    expect(state.sheets[0]?.wakeAt).toBe(at)
    expect(effects).toEqual([{ type: 'set_timer', sheet: 1, at }])
  })

  it('leaves jobs alone that are over', () => {
    const done = play(aJob({ sheets: 1 }), attempt(1, 1, SUCCESS)).state
    expect(decide(done, { type: 'time_shifted', sleptMs: 0, jumpedMs: DAY }, NOW).state).toBe(done)
  })
})

describe('a sheet that is lost with the computer', () => {
  it('runs again by itself, without a try being counted', () => {
    const { state } = play(aJob({ sheets: 1 }), attempt(1, 1, { kind: 'lost' }))
    expect([state.status, state.sheets[0]?.failures]).toEqual(['queued', 0])
  })

  it('waits for its user when it is lost three times in a row', () => {
    const lost = [1, 2, 3].flatMap((number) => attempt(1, number, { kind: 'lost' }))
    expect(play(aJob({ sheets: 1 }), lost).state.status).toBe('interrupted')
  })
})
