import { type Engine, FermataError, type JobSummary } from '../engine/index.ts'
import type { Beginning } from './begin.ts'
import { chainOf } from './chain.ts'
import { exitStatus, exitStatusFor, exitStatusOfAll } from './exit-status.ts'
import type { Signal, Signals } from './signals.ts'
import { waitForChain } from './wait-for-end.ts'

export interface Ending {
  readonly exitStatus: number
  /** The job and those that followed it, as they are left. */
  readonly jobs: readonly JobSummary[]
}

/**
 * Stays with a job and all that follow it until none goes on by itself, and obeys signals meanwhile: SIGINT pauses what runs
 * after the sheet in flight, a second one cancels it, SIGTERM and SIGHUP leave it as it is.
 * @param say Told in a sentence what a signal led to.
 */
export async function follow(
  engine: Engine,
  { jobId, continued }: Beginning,
  signals: Signals,
  say: (sentence: string) => void,
): Promise<Ending> {
  let interrupts = 0
  const chain = async () => chainOf(await engine.jobs.list(), jobId)
  /** What the user has asked for with Ctrl-C holds for the jobs that run now, and for those they bring about. */
  const rein = async ({ id, can }: JobSummary) => {
    if (interrupts === 1 && can.pause) await engine.jobs.pause(id)
    if (interrupts > 1 && can.cancel) await engine.jobs.cancel(id)
  }
  const left = new Promise<Ending>((resolve, reject) => {
    const obey = async (signal: Signal) => {
      if (signal !== 'SIGINT') {
        const jobs = await chain()
        say(farewell(jobs))
        resolve({ exitStatus: exitStatusFor(signal), jobs })
        return
      }
      interrupts++
      for (const job of await chain()) if (exitStatus(job) === null) await rein(job)
      if (interrupts === 1) say('Pausing after this sheet. Ctrl-C again cancels the job and ends its processes.')
      else if (interrupts === 2) say('Cancelling: its processes are being ended.')
    }
    signals.handle((signal) =>
      obey(signal).catch((error: unknown) => (error instanceof FermataError ? say(error.message) : reject(error))),
    )
  })

  for (let resumable = continued; ; resumable = false) {
    const end = waitForChain(engine, jobId, rein)
    const jobs = await Promise.race([end.ended, left]).finally(end.stop)
    if ('jobs' in jobs) return jobs
    // Fermata was away when the sheet in flight was lost. Whoever gave the command again wants it to run.
    const lost = jobs.filter(({ status }) => status === 'interrupted')
    if (lost.length === 0 || !resumable || interrupts > 0) return { exitStatus: exitStatusOfAll(jobs), jobs }
    for (const job of lost) await engine.jobs.resume(job.id)
  }
}

function farewell(jobs: readonly JobSummary[]): string {
  const numbers = jobs.flatMap(({ running }) => running.map(({ sheet }) => sheet)).join(' and ')
  const runs = numbers === '' ? 'Nothing runs now' : `Sheet ${numbers} runs on without Fermata`
  return `Leaving. ${runs}; nothing is lost. The same command takes the job up again.`
}
