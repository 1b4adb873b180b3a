import type { Engine } from '../../engine/index.ts'
import { goesOn, isActive, isFrozen } from '../jobs/groups.ts'

type Stage = Pick<Engine, 'jobs' | 'events'>

/** SIGTERM, two seconds of grace, SIGKILL and a look whether it helped, with room to spare. Then quitting goes on anyway. */
const PATIENCE_MS = 15_000

/** Cancels every job that goes on by itself or is frozen; resolves when nothing is being cancelled any more. */
export async function cancelRunningJobs(engine: Stage): Promise<void> {
  const { jobs } = engine
  const running = (await jobs.list()).filter((job) => (goesOn(job) || isFrozen(job)) && job.can.cancel)
  await Promise.allSettled(running.map(({ id }) => jobs.cancel(id)))
  await cancelsAreOver(
    engine,
    running.map(({ id }) => id),
  )
}

/** Resolves when no job is being cancelled any more and those of these ids have ended, or patience has. */
export async function cancelsAreOver({ jobs, events }: Stage, ids: readonly string[] = []): Promise<void> {
  const areOver = async () => !(await jobs.list()).some((job) => job.cancelling || (ids.includes(job.id) && isActive(job)))
  await new Promise<void>((done) => {
    const timer = setTimeout(finish, PATIENCE_MS)
    const unsubscribe = events.on(check)
    check()
    function finish() {
      clearTimeout(timer)
      unsubscribe()
      done()
    }
    function check() {
      areOver().then((over) => over && finish(), finish)
    }
  })
}
