import type { Disposer, Engine, JobSummary } from '../engine/index.ts'
import { exitStatus } from './exit-status.ts'

/** The longest a timer can be, in ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Resolves with the job when it does not go on by itself any more, which may be at once. `stop` gives up waiting. */
export function waitForEnd(engine: Engine, jobId: string): { readonly ended: Promise<JobSummary>; readonly stop: Disposer } {
  let stop: Disposer = () => {}
  // Attempts do not keep this process alive: whoever waits for one has to.
  const alive = setInterval(() => {}, LONGEST_TIMER_MS)
  const ended = new Promise<JobSummary>((resolve, reject) => {
    const look = () =>
      engine.jobs.status(jobId).then(
        (job) => {
          if (exitStatus(job) === null) return
          stop()
          resolve(job)
        },
        (error: unknown) => {
          stop()
          reject(error)
        },
      )
    const unsubscribe = engine.events.on((event) => {
      if (event.jobId === jobId) void look()
    })
    stop = () => {
      unsubscribe()
      clearInterval(alive)
    }
    void look()
  })
  return { ended, stop: () => stop() }
}
