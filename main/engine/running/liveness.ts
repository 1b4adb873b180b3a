import type { Disposer } from '../ports.ts'
import { lastOutputAt } from '../processes/last-output.ts'

const SAMPLE_MS = 2000

export interface Liveness {
  /** Epoch ms of the attempt's last output, as of the last sample; null when it wrote nothing yet. */
  lastOutputAt(folder: string): number | null
  close: Disposer
}

/**
 * Looks every 2 s when attempts last wrote something; no timer while none runs. What is alive is a fact of its own,
 * apart from the job's status.
 *
 * @param folders the folders of the attempts that run now
 * @param onOutput an attempt wrote something since the last look
 */
export function watchLiveness(
  folders: () => ReadonlyMap<string, string>,
  onOutput: (jobId: string) => void,
): Liveness & { wake(): void } {
  const seen = new Map<string, number | null>()
  let timer: NodeJS.Timeout | null = null

  async function sample(): Promise<void> {
    const running = folders()
    for (const folder of seen.keys()) if (!running.has(folder)) seen.delete(folder)
    for (const [folder, jobId] of running) {
      const at = await lastOutputAt(folder)
      if (at === (seen.get(folder) ?? null)) continue
      seen.set(folder, at)
      onOutput(jobId)
    }
    timer = folders().size > 0 ? setTimeout(() => void sample(), SAMPLE_MS) : null
  }

  return {
    lastOutputAt: (folder) => seen.get(folder) ?? null,
    wake() {
      timer ??= setTimeout(() => void sample(), SAMPLE_MS)
    },
    close() {
      if (timer) clearTimeout(timer)
    },
  }
}
