import type { Clock } from '../ports.ts'

/** setTimeout counts in 32-bit ms and fires at once beyond that; longer waits go in steps. */
const LONGEST_STEP_MS = 2 ** 31 - 1

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
