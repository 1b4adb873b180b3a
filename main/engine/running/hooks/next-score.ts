import { statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname } from 'node:path'
import { resolveScorePath } from '../../score/paths.ts'

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true

/** The folder itself and all above it. */
function* upwards(folder: string): Generator<string> {
  for (let current = folder, last = ''; current !== last; last = current, current = dirname(current)) yield current
}

/**
 * The score a hook names: beside its own score, or else below a folder above that one, since scores for Marianne name it from
 * where the conductor was started, usually the root of their project. Null when there is none.
 *
 * @param scorePath absolute path of the score that has the hook
 */
export function nextScore(jobPath: string, scorePath: string): string | null {
  const home = homedir()
  for (const directory of upwards(dirname(scorePath))) {
    const path = resolveScorePath(jobPath, { directory, home })
    if (isFile(path)) return path
  }
  return null
}
