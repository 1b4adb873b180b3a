import type { Clock, Disposer } from '../ports.ts'
import { lastOutputAt } from '../processes/last-output.ts'

export interface SilenceWatch {
  /** Absolute path of the attempt's folder. */
  readonly folder: string
  readonly idleMs: number
  readonly everyMs: number
}

export interface RunningWatch {
  /** After how many ms awake it would call, as far as it has seen. */
  left(): number
  readonly dispose: Disposer
}

/**
 * Calls `onSilence` once when an attempt printed nothing for `idleMs` (Marianne §7.6: stale_detection). Counts the time the
 * computer was awake, whatever its wall clock says.
 */
export function watchForSilence({ folder, idleMs, everyMs }: SilenceWatch, clock: Clock, onSilence: () => void): RunningWatch {
  let over = false
  let seen: number | null | undefined
  let since = clock.awake()
  let dispose: Disposer = () => {}
  const plan = () => {
    dispose = clock.after(everyMs, () => void look())
  }
  async function look(): Promise<void> {
    const last = await lastOutputAt(folder)
    if (over) return
    const now = clock.awake()
    if (seen !== undefined && last !== seen) since = now
    seen = last
    if (now - since >= idleMs) onSilence()
    else plan()
  }
  plan()
  return {
    left: () => Math.max(0, idleMs - (clock.awake() - since)),
    dispose() {
      over = true
      dispose()
    },
  }
}
