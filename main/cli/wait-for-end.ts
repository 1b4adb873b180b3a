import type { Disposer, Engine, JobSummary } from '../engine/index.ts'
import { followersOf } from './chain.ts'
import { exitStatus } from './exit-status.ts'

/** The longest a timer can be, in ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export interface Waiting<Result> {
  readonly ended: Promise<Result>
  /** Gives up waiting. */
  readonly stop: Disposer
}

/** Resolves with the job when it does not go on by itself any more, which may be at once. */
export function waitForEnd(engine: Engine, jobId: string): Waiting<JobSummary> {
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

/**
 * Resolves with the job and all that followed it when none of them goes on by itself.
 * @param joined Told of each job that follows another one, once that one has ended.
 */
export function waitForChain(
  engine: Engine,
  jobId: string,
  joined: (job: JobSummary) => Promise<void>,
): Waiting<readonly JobSummary[]> {
  const waiting: Waiting<JobSummary>[] = []
  let stopped = false
  const endFrom = async (id: string): Promise<readonly JobSummary[]> => {
    const end = waitForEnd(engine, id)
    if (stopped) end.stop()
    waiting.push(end)
    const job = await end.ended
    // Those that follow are submitted before it ends: nobody is missed here.
    const followers = followersOf(await engine.jobs.list(), id)
    for (const follower of followers) await joined(follower)
    return [job, ...(await Promise.all(followers.map((follower) => endFrom(follower.id)))).flat()]
  }
  return {
    ended: endFrom(jobId),
    stop() {
      stopped = true
      for (const end of waiting) end.stop()
    },
  }
}
