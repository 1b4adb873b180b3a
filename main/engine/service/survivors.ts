import { existsSync } from 'node:fs'
import { JobSubmissionError } from '../errors.ts'
import type { ProcessIdentity } from '../ports.ts'
import { inOneLine } from '../running/attempt-failures.ts'
import { lookIn } from '../running/gatekeeper.ts'
import { STOP_GRACE_MS } from '../running/stop-grace.ts'
import { checkMarkers } from '../running/validations/check-places.ts'
import type { Survivor } from '../scheduling/state.ts'
import { joined, pidsOf } from '../scheduling/survivors.ts'
import type { Desk } from './desk.ts'
import type { ServiceParts } from './parts.ts'

/** What attempts of a job left running that could not be ended. */
export interface Survivors {
  /** Tries again to end it, and takes off the list what is gone. */
  end(jobId: string): Promise<void>
  /**
   * To be called before something runs again that it could run beside; tries to end it first.
   * @throws JobSubmissionError SURVIVORS while any of it lives, or the system would not tell
   */
  refuse(jobId: string): Promise<void>
}

const NOBODY: ProcessIdentity = { pid: 0, startTime: '' }

export function createSurvivors({ conductor, store, launcher, dataDir }: ServiceParts, desk: Desk): Survivors {
  const known = (jobId: string): readonly Survivor[] => desk.find(jobId).state.survivors

  async function end(jobId: string): Promise<void> {
    const asked = known(jobId)
    if (asked.length === 0) return
    // By the marker, not by the pid: that may be somebody else's by now.
    const over = store.attempts(jobId).filter(({ outcome }) => outcome !== null)
    const checks = (await Promise.all(over.map(checkMarkers))).flat()
    const { sheets, looking, status } = desk.find(jobId).state
    const looks = sheets.flatMap(({ number }) => (looking.includes(number) ? [] : [lookIn(dataDir, jobId, number)]))
    const ended = [
      // What a success left may be its very work, unless its job came to a bad end.
      ...over.filter(({ outcome }) => outcome !== 'succeeded' || status === 'failed' || status === 'cancelled'),
      ...[...checks, ...looks.flatMap(({ folder, marker }) => (existsSync(folder) ? [marker] : []))].map((marker) => ({
        identity: null,
        marker,
      })),
    ]
    const reports = await Promise.all(
      ended.map(({ identity, marker }) => launcher.stop(identity ?? NOBODY, marker, STOP_GRACE_MS)),
    )
    // What shows no marker, such as another user's process, is not found by it and lives all the same.
    const living = await launcher.living(asked)
    const found = reports.flatMap(({ survivors }) => survivors)
    conductor.apply(jobId, { type: 'survivors_ended', asked, left: joined(living, found) })
  }

  return {
    end,
    async refuse(jobId) {
      const unknown = await end(jobId).then(
        () => null,
        (error: unknown) => error,
      )
      const left = known(jobId)
      if (left.length === 0) return
      const pids = pidsOf(left)
      if (unknown !== null)
        throw new JobSubmissionError(
          'SURVIVORS',
          `Process ${pids} of an earlier attempt may still run, the system does not tell: ${inOneLine(unknown)}`,
          { remedy: 'Try again in a moment.', cause: unknown },
        )
      throw new JobSubmissionError(
        'SURVIVORS',
        `Process ${pids} of an earlier attempt could not be ended: nothing is started again while it runs.`,
        { remedy: 'End it by hand or restart the computer, then try again.' },
      )
    },
  }
}
