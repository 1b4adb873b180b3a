import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSystemClock, type Readings, shiftBetween, systemClock } from './clock.ts'

describe('the system clock', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 0 }))
  afterEach(() => void vi.useRealTimers())

  it('waits longer than a 32-bit timer can', () => {
    const run = vi.fn()
    const longer = 26 * 86_400_000
    systemClock.at(longer, run)
    vi.advanceTimersByTime(longer - 1)
    expect(run).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(run).toHaveBeenCalledOnce()
  })

  it('calls soon, but never at once, when the time has passed', () => {
    const run = vi.fn()
    systemClock.at(-5, run)
    expect(run).not.toHaveBeenCalled()
    vi.advanceTimersByTime(0)
    expect(run).toHaveBeenCalledOnce()
  })

  it('forgets what is disposed of', () => {
    const run = vi.fn()
    systemClock.at(10, run)()
    vi.advanceTimersByTime(20)
    expect(run).not.toHaveBeenCalled()
  })
})

const HOUR = 3_600_000
const DAY = 24 * HOUR

describe('time that does not simply go by', () => {
  const before: Readings = { wall: 1_000_000, awake: 5000, up: 9000 }
  const later = (wall: number, awake: number, up: number): Readings => ({
    wall: before.wall + wall,
    awake: before.awake + awake,
    up: before.up + up,
  })

  it.each([
    ['nothing special', later(30_000, 30_000, 30_000), null],
    ['sleep of 8 h', later(8 * HOUR + 10, 10, 8 * HOUR + 10), { sleptMs: 8 * HOUR, jumpedMs: 0 }],
    ['a clock set a day ahead', later(DAY + 10, 10, 10), { sleptMs: 0, jumpedMs: DAY }],
    ['a clock set a day back', later(10 - DAY, 10, 10), { sleptMs: 0, jumpedMs: -DAY }],
    ['sleep, and a clock that was set meanwhile', later(HOUR + DAY, 0, HOUR), { sleptMs: HOUR, jumpedMs: DAY }],
    ['a clock that is corrected by a second', later(31_000, 30_000, 30_000), null],
  ])('tells %s', (_what, after, shift) => expect(shiftBetween(before, after)).toEqual(shift))

  describe('with a system clock', () => {
    let readings: Readings
    beforeEach(() => {
      vi.useFakeTimers({ now: 0 })
      readings = { wall: 0, awake: 0, up: 0 }
    })
    afterEach(() => void vi.useRealTimers())

    const pass = (ms: number) => {
      readings = { wall: readings.wall + ms, awake: readings.awake + ms, up: readings.up + ms }
      vi.advanceTimersByTime(ms)
    }

    it('is told before anything runs that came due by it', () => {
      const clock = createSystemClock(() => readings)
      const happened: string[] = []
      clock.onShift(({ sleptMs }) => happened.push(`slept ${sleptMs}`))
      clock.at(HOUR, () => happened.push('due'))
      clock.after(HOUR, () => happened.push('an hour awake'))
      readings = { ...readings, wall: 8 * HOUR, up: 8 * HOUR }
      pass(30_000)
      expect(happened).toEqual([`slept ${8 * HOUR}`, 'due'])
      for (let passed = 30_000; passed < HOUR; passed += 30_000) pass(30_000)
      expect(happened).toEqual([`slept ${8 * HOUR}`, 'due', 'an hour awake'])
    })

    it('lets a wait be taken back by whoever was told', () => {
      const clock = createSystemClock(() => readings)
      const run = vi.fn()
      const dispose = clock.at(HOUR, run)
      clock.onShift(() => dispose())
      readings = { ...readings, wall: DAY }
      pass(30_000)
      expect(run).not.toHaveBeenCalled()
    })
  })
})
