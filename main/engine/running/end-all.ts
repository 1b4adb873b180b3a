import type { Clock, Launcher, ProcessIdentity } from '../ports.ts'
import { STOP_GRACE_MS } from './stop-grace.ts'

/** Until the system is asked again that would not tell what runs. */
export const LOOK_AGAIN_MS = 1000
/** How often it is asked before what it would not tell of is taken to run. */
const MOST_LOOKS = 10

export interface EndAllParts {
  readonly launcher: Pick<Launcher, 'stop'>
  readonly clock: Pick<Clock, 'after'>
  /** Aborted when nobody wants the answer any more. */
  readonly signal: AbortSignal
  /** Told once when the system would not tell what runs. */
  onUnknown(error: unknown): void
}

/**
 * Ends an attempt's group and everything else with its marker. Gives what could not be ended; never rejects. A system that
 * would not tell what runs is asked again: to guess could start a second attempt beside this one. Without an identity there
 * is no process to name in the end, so it is asked until it answers.
 */
export async function endAll(
  identity: ProcessIdentity | null,
  marker: string,
  { launcher, clock, signal, onUnknown }: EndAllParts,
): Promise<readonly ProcessIdentity[]> {
  for (let look = 1; !signal.aborted; look += 1) {
    try {
      return (await launcher.stop(identity ?? { pid: 0, startTime: '' }, marker, STOP_GRACE_MS)).survivors
    } catch (error) {
      if (look === 1) onUnknown(error)
      if (identity && look === MOST_LOOKS) return [identity]
    }
    await pause(clock, signal)
  }
  return []
}

function pause(clock: EndAllParts['clock'], signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      dispose()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const dispose = clock.after(LOOK_AGAIN_MS, end)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })
}
