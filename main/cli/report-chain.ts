import { type AttachedOutput, attachOutput, type Engine, type OutputProtocol } from '../engine/index.ts'
import { chainOf } from './chain.ts'
import { waitForEnd } from './wait-for-end.ts'

export interface ChainReport {
  readonly output: OutputProtocol
  /** A job is reported on when the one before it has ended, not at once: people would lose the thread. */
  readonly inTurn: boolean
  /** Told when `output` throws or a job cannot be looked up. */
  onProblem(error: unknown): void
}

/**
 * Reports on a job and on all that follow it, each from its first event on.
 * @param first The job's id; may still be on its way, see {@link attachOutput}.
 */
export function reportChain(engine: Engine, first: Promise<string>, { output, inTurn, onProblem }: ChainReport): AttachedOutput {
  const root = first.catch(() => null)
  const attached = new Map<string, AttachedOutput>()
  let before: string | null = null
  let leave = () => {}
  const leaving = new Promise<void>((resolve) => {
    leave = resolve
  })

  /** Resolves when all is told of the job. Should it go on after that, it is attached again. */
  const told = async (jobId: string) => {
    const end = waitForEnd(engine, jobId)
    await Promise.race([end.ended, leaving]).finally(end.stop)
    await attached.get(jobId)?.detach()
    attached.delete(jobId)
  }

  /** Resolves with the id when it is the job's turn. @throws Error when it is none of the chain */
  const turnOf = async (jobId: string): Promise<string> => {
    const rootId = await root
    const chain = rootId === null ? [] : chainOf(await engine.jobs.list(), rootId)
    if (!chain.some(({ id }) => id === jobId)) throw new Error(`${jobId} is not of this chain`)
    const last = before
    before = jobId
    if (inTurn && last !== null && last !== jobId) await told(last)
    return jobId
  }

  const stop = engine.events.on((event) => {
    if (attached.has(event.jobId)) return
    const events: Engine['events'] = {
      on(listener) {
        // Whoever subscribes during an event does not get this one.
        listener(event)
        return engine.events.on(listener)
      },
    }
    attached.set(event.jobId, attachOutput({ events, jobs: engine.jobs }, output, turnOf(event.jobId), onProblem))
  })
  return {
    async detach() {
      stop()
      leave()
      for (const one of [...attached.values()]) await one.detach()
    },
  }
}
