import { uptime } from 'node:os'
import type { Clock, Disposer, TimeShift } from '../ports.ts'

/** Timers stand still while a computer sleeps (and overflow after 24 days): the clocks are looked at this often. */
const LONGEST_STEP_MS = 30_000
/** A smaller difference between the clocks is no sleep and nobody's doing. */
const NOTICEABLE_MS = 2000

/** What the computer's three clocks say, in ms. */
export interface Readings {
  readonly wall: number
  /** Since it started, without its sleep. */
  readonly awake: number
  /** Since it started, with its sleep. */
  readonly up: number
}

/** What happened to time between two readings; null when it simply went by. */
export function shiftBetween(before: Readings, after: Readings): TimeShift | null {
  const wall = after.wall - before.wall
  const awake = after.awake - before.awake
  const up = after.up - before.up
  const sleptMs = noticeable(up - awake)
  const jumpedMs = noticeable(wall - up)
  return sleptMs === 0 && jumpedMs === 0 ? null : { sleptMs, jumpedMs }
}

const noticeable = (ms: number): number => (Math.abs(ms) < NOTICEABLE_MS ? 0 : Math.round(ms))

const readSystem = (): Readings => ({
  wall: Date.now(),
  // CLOCK_MONOTONIC: on Linux it stands while the computer sleeps; where it does not, sleep counts as run time.
  awake: Number(process.hrtime.bigint() / 1_000_000n),
  up: uptime() * 1000,
})

/** The real time; waits look at the clocks again when they fire. */
export function createSystemClock(read: () => Readings = readSystem): Clock {
  const listeners = new Set<(shift: TimeShift) => void>()
  let last = read()

  function look(): Readings {
    const before = last
    last = read()
    const shift = shiftBetween(before, last)
    if (shift) for (const listener of [...listeners]) listener(shift)
    return last
  }

  /** Calls `run` when `left` says that nothing is left to wait; looks at the clocks at every step. */
  function wait(left: (now: Readings) => number, run: () => void): Disposer {
    let over = false
    let timer = setTimeout(step, stepTo(left(read())))
    function step(): void {
      const now = look()
      // Whoever was told of a shift may have taken this wait back.
      if (over) return
      if (left(now) > 0) timer = setTimeout(step, stepTo(left(now)))
      else run()
    }
    return () => {
      over = true
      clearTimeout(timer)
    }
  }

  return {
    now: () => read().wall,
    awake: () => read().awake,
    at: (at, run) => wait(({ wall }) => at - wall, run),
    after(ms, run) {
      const end = read().awake + ms
      return wait(({ awake }) => end - awake, run)
    },
    onShift(listener) {
      last = read()
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const stepTo = (ms: number): number => Math.min(LONGEST_STEP_MS, Math.max(0, Math.ceil(ms)))

export const systemClock: Clock = createSystemClock()
