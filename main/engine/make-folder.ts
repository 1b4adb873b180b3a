import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it; one that is there is fine. One by one: Node's own `recursive` never ends where the
 * system denies a folder whose parent it says exists, as below /proc.
 *
 * @param path absolute
 * @throws the system's own error
 */
export function makeFolder(path: string, mode?: number): void {
  const isFolder = (candidate: string) => statSync(candidate, { throwIfNoEntry: false })?.isDirectory() === true
  if (isFolder(path)) return
  const parent = dirname(path)
  if (parent !== path && !isFolder(parent)) makeFolder(parent, mode)
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    // Another program may have been faster.
    if (!isFolder(path)) throw error
  }
}
