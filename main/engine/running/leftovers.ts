import type { AttemptRecord, JobStore, ProcessIdentity } from '../ports.ts'
import { inOneLine } from './attempt-failures.ts'
import { type EndAllParts, endAll } from './end-all.ts'

/** Ended at a time: a job may have a thousand sheets. */
const AT_ONCE = 64

interface LeftoversParts extends Omit<EndAllParts, 'onUnknown'> {
  readonly store: Pick<JobStore, 'attempts'>
  onProblem(message: string, error?: unknown): void
}

/**
 * Ends what the attempts of a job that succeeded left running: it was meant for sheets that do not come any more. Gives what
 * could not be ended; null when that cannot be found out. Never rejects.
 */
export async function endLeftovers(jobId: string, parts: LeftoversParts): Promise<readonly ProcessIdentity[] | null> {
  const { store, launcher, clock, signal, onProblem } = parts
  const onUnknown = (error: unknown) =>
    onProblem(`What sheets of "${jobId}" left running cannot be seen, Fermata looks again: ${inOneLine(error)}`)
  let attempts: readonly AttemptRecord[]
  try {
    attempts = store.attempts(jobId).filter(({ outcome }) => outcome === 'succeeded')
  } catch (error) {
    onProblem(`What sheets of "${jobId}" left running cannot be looked for.`, error)
    return null
  }
  const survivors: ProcessIdentity[] = []
  for (let from = 0; from < attempts.length; from += AT_ONCE) {
    const some = attempts.slice(from, from + AT_ONCE)
    const left = await Promise.all(
      some.map(({ identity, marker }) => endAll(identity, marker, { launcher, clock, signal, onUnknown })),
    )
    survivors.push(...left.flat())
  }
  return signal.aborted ? null : survivors
}
