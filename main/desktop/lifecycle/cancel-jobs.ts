import type { Engine } from '../../engine/index.ts'
import { goesOn, isActive, isFrozen } from '../jobs/groups.ts'

/** SIGTERM, two seconds of grace, SIGKILL and a look whether it helped, with room to spare. Then quitting goes on anyway. */
const PATIENCE_MS = 15_000

/** Cancels every job that goes on by itself or is frozen; resolves when their processes are ended. */
export async function cancelRunningJobs({ jobs, events }: Pick<Engine, 'jobs' | 'events'>): Promise<void> {
  const running = (await jobs.list()).filter((job) => (goesOn(job) || isFrozen(job)) && job.can.cancel)
  const ids = new Set(running.map(({ id }) => id))
  const areEnded = async () => !(await jobs.list()).some((job) => ids.has(job.id) && isActive(job))

  await new Promise<void>((done) => {
    const timer = setTimeout(finish, PATIENCE_MS)
    const unsubscribe = events.on(check)
    function finish() {
      clearTimeout(timer)
      unsubscribe()
      done()
    }
    function check() {
      areEnded().then((ended) => ended && finish(), finish)
    }
    Promise.allSettled([...ids].map((id) => jobs.cancel(id))).then(check)
  })
}
