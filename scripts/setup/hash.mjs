import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { inRoot, root } from './paths.mjs'

/**
 * One digest over the names and contents of files and folders of the project. What does not exist
 * counts as empty; `skip` leaves files out by their path.
 */
export function hashOf(paths, skip = () => false) {
  const hash = createHash('sha256')
  for (const file of paths.flatMap((path) => filesIn(inRoot(path))).sort()) {
    if (skip(file)) continue
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0')
  }
  return hash.digest('hex')
}

function filesIn(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return []
  if (!stat.isDirectory()) return [path]
  return readdirSync(path).flatMap((name) => filesIn(join(path, name)))
}
