import { type Engine, FermataError, type JobSummary } from '../engine/index.ts'
import type { Beginning } from './begin.ts'
import { exitStatus, exitStatusFor } from './exit-status.ts'
import type { Signal, Signals } from './signals.ts'
import { waitForEnd } from './wait-for-end.ts'

export interface Ending {
  readonly exitStatus: number
  /** The job as it is left. */
  readonly job: JobSummary
}

/**
 * Stays with a job until it does not go on by itself, and obeys signals meanwhile: SIGINT pauses it after the sheet in
 * flight, a second one cancels it, SIGTERM and SIGHUP leave it as it is.
 * @param say Told in a sentence what a signal led to.
 */
export async function follow(
  engine: Engine,
  { jobId, continued }: Beginning,
  signals: Signals,
  say: (sentence: string) => void,
): Promise<Ending> {
  let interrupts = 0
  const left = new Promise<Ending>((resolve, reject) => {
    const obey = async (signal: Signal) => {
      if (signal !== 'SIGINT') {
        say(await farewell(engine, jobId))
        resolve({ exitStatus: exitStatusFor(signal), job: await engine.jobs.status(jobId) })
        return
      }
      interrupts++
      if (interrupts === 1) {
        await engine.jobs.pause(jobId)
        say('Pausing after this sheet. Ctrl-C again cancels the job and ends its processes.')
      } else if (interrupts === 2) {
        await engine.jobs.cancel(jobId)
        say('Cancelling: its processes are being ended.')
      }
    }
    signals.handle((signal) =>
      obey(signal).catch((error: unknown) => (error instanceof FermataError ? say(error.message) : reject(error))),
    )
  })

  for (let resumable = continued; ; resumable = false) {
    const end = waitForEnd(engine, jobId)
    const job = await Promise.race([end.ended, left]).finally(end.stop)
    if ('job' in job) return job
    // Fermata was away when the sheet in flight was lost. Whoever gave the command again wants it to run.
    if (job.status === 'interrupted' && resumable && interrupts === 0) await engine.jobs.resume(jobId)
    else return { exitStatus: exitStatus(job) ?? 0, job }
  }
}

async function farewell(engine: Engine, jobId: string): Promise<string> {
  const { running } = await engine.jobs.status(jobId)
  const numbers = running.map(({ sheet }) => sheet).join(' and ')
  const runs = running.length === 0 ? 'Nothing runs now' : `Sheet ${numbers} runs on without Fermata`
  return `Leaving. ${runs}; nothing is lost. The same command takes the job up again.`
}
