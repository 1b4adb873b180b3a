export interface Throttle {
  /** Asks for a run: at once, or as soon as the rate allows. Many requests make one run. */
  request(): void
  /** No run begins after this. */
  dispose(): void
}

/**
 * Calls `run` once every `intervalMs` at most, never synchronously, never while the run before is unfinished: many requests
 * at a time are one run, and the last request is always followed by one. A failing run is told on stderr.
 *
 * @param burst so many runs may follow each other without a pause after a quiet time; the next ones make up for them
 */
export function createThrottle(intervalMs: number, run: () => void | Promise<void>, burst = 1): Throttle {
  let timer: NodeJS.Timeout | undefined
  /** When all runs so far would be over if each took its interval, on the clock of `performance.now()`. */
  let spentUntil = 0
  let busy = false
  let again = false
  let disposed = false

  const start = async (): Promise<void> => {
    timer = undefined
    spentUntil = Math.max(spentUntil, performance.now()) + intervalMs
    busy = true
    try {
      await run()
    } catch (error) {
      console.error('fermata: an update failed', error)
    }
    busy = false
    if (again) request()
  }
  const request = (): void => {
    again = busy
    if (busy || timer || disposed) return
    const wait = spentUntil - (burst - 1) * intervalMs - performance.now()
    timer = setTimeout(() => void start(), Math.max(0, wait))
  }
  return {
    request,
    dispose() {
      disposed = true
      clearTimeout(timer)
    },
  }
}
