export interface Throttle {
  /** Asks for a run: soon, but at least the interval after the last one began. Many requests make one run. */
  request(): void
  /** No run begins after this. */
  dispose(): void
}

/**
 * Calls `run` at most once every `intervalMs`, never synchronously, never while the run before is unfinished: a burst
 * of requests is one run, and the last request is always followed by one. A failing run is told on stderr.
 */
export function createThrottle(intervalMs: number, run: () => void | Promise<void>): Throttle {
  let timer: NodeJS.Timeout | undefined
  let last = Number.NEGATIVE_INFINITY
  let busy = false
  let again = false
  let disposed = false

  const start = async (): Promise<void> => {
    timer = undefined
    last = performance.now()
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
    timer = setTimeout(() => void start(), Math.max(0, last + intervalMs - performance.now()))
  }
  return {
    request,
    dispose() {
      disposed = true
      clearTimeout(timer)
    },
  }
}
