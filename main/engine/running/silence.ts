import type { Clock, Disposer } from '../ports.ts'
import { lastOutputAt } from '../processes/last-output.ts'

export interface SilenceWatch {
  /** Absolute path of the attempt's folder. */
  readonly folder: string
  /** Epoch ms from which silence counts, before anything was printed. */
  readonly since: number
  readonly idleMs: number
  readonly everyMs: number
}

/** Calls `onSilence` once when an attempt printed nothing for `idleMs` (Marianne §7.6: stale_detection). */
export function watchForSilence({ folder, since, idleMs, everyMs }: SilenceWatch, clock: Clock, onSilence: () => void): Disposer {
  let over = false
  let looked = clock.now()
  let counted = since
  let dispose: Disposer = () => {}
  const plan = () => {
    dispose = clock.at(clock.now() + everyMs, () => void look())
  }
  async function look(): Promise<void> {
    const last = (await lastOutputAt(folder)) ?? since
    if (over) return
    const now = clock.now()
    // The computer slept, and the attempt with it: that was no silence.
    if (now - looked > 2 * everyMs) counted = now
    looked = now
    if (now - Math.max(last, counted) >= idleMs) onSilence()
    else plan()
  }
  plan()
  return () => {
    over = true
    dispose()
  }
}
