import type { Clock } from '../ports.ts'

/** Timers stand still while a computer sleeps (and overflow after 24 days): the wall clock is looked at this often. */
const LONGEST_STEP_MS = 30_000

/** The real time. Waits look at the wall clock again when they fire, so a computer that slept is noticed. */
export const systemClock: Clock = {
  now: () => Date.now(),
  at(at, run) {
    let timer: NodeJS.Timeout
    const arm = () => {
      const left = at - Date.now()
      timer = left > LONGEST_STEP_MS ? setTimeout(arm, LONGEST_STEP_MS) : setTimeout(run, Math.max(0, left))
    }
    arm()
    return () => clearTimeout(timer)
  },
}
