import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Launcher } from '../ports.ts'
import { attemptFolder, MARKER_FILE } from './preparation.ts'
import { STOP_GRACE_MS } from './stop-grace.ts'

/** Ends what an attempt runs of which nothing is known but its folder. Pids that outlived it; never rejects. */
export async function endUnknown(
  dataDir: string,
  jobId: string,
  sheet: number,
  attempt: number,
  launcher: Pick<Launcher, 'stop'>,
): Promise<readonly number[]> {
  const file = join(attemptFolder(dataDir, jobId, sheet, attempt), MARKER_FILE)
  const marker = (await readFile(file, 'utf8').catch(() => '')).trim()
  if (marker === '') return []
  const report = await launcher.stop({ pid: 0, startTime: '' }, marker, STOP_GRACE_MS).catch(() => null)
  return report?.survivors ?? []
}
