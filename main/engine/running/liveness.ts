import type { Disposer } from '../ports.ts'
import { lastOutputAt } from '../processes/last-output.ts'

const SAMPLE_MS = 2000

export interface Liveness {
  /** Epoch ms of the attempt's last output, as of the last sample; null when it wrote nothing yet. */
  lastOutputAt(folder: string): number | null
  /** Attempts may be running: starts looking, unless it does already. */
  wake(): void
  readonly close: Disposer
}

/**
 * Looks every 2 s when attempts last wrote something; no timer while none runs. What is alive is a fact of its own,
 * apart from the job's status.
 *
 * @param folders the job of each attempt that runs now, by the attempt's folder
 * @param onOutput an attempt wrote something since the last look
 */
export function watchLiveness(folders: () => ReadonlyMap<string, string>, onOutput: (jobId: string) => void): Liveness {
  const seen = new Map<string, number | null>()
  let looking = false
  let timer: NodeJS.Timeout | null = null
  let closed = false

  async function look(): Promise<void> {
    looking = true
    const running = folders()
    for (const folder of seen.keys()) if (!running.has(folder)) seen.delete(folder)
    for (const [folder, jobId] of running) {
      const at = await lastOutputAt(folder)
      if (at === (seen.get(folder) ?? null)) continue
      seen.set(folder, at)
      if (!closed) onOutput(jobId)
    }
    looking = false
    if (!closed && folders().size > 0) timer = setTimeout(start, SAMPLE_MS)
  }
  function start(): void {
    timer = null
    void look()
  }

  return {
    lastOutputAt: (folder) => seen.get(folder) ?? null,
    wake() {
      if (!looking && timer === null && !closed && folders().size > 0) start()
    },
    close() {
      closed = true
      if (timer) clearTimeout(timer)
    },
  }
}
