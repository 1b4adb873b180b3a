import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProcessIdentity } from '../ports.ts'
import { type EndAllParts, endAll } from './end-all.ts'
import { attemptFolder, MARKER_FILE } from './preparation.ts'

/** Ends what an attempt runs of which nothing is known but its folder. Gives what outlived it; never rejects. */
export async function endUnknown(
  dataDir: string,
  jobId: string,
  sheet: number,
  attempt: number,
  parts: EndAllParts,
): Promise<readonly ProcessIdentity[]> {
  const file = join(attemptFolder(dataDir, jobId, sheet, attempt), MARKER_FILE)
  const marker = (await readFile(file, 'utf8').catch(() => '')).trim()
  return marker === '' ? [] : endAll(null, marker, parts)
}
