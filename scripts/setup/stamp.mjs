import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

/**
 * Does `work` unless the stamp file says that it was done for the same `hash`. The stamp goes before the
 * work begins and comes back when it succeeded, so half-done work is done again.
 */
export async function unlessStamped(file, hash, work) {
  if (existsSync(file) && readFileSync(file, 'utf8') === hash) return
  rmSync(file, { force: true })
  await work()
  writeFileSync(file, hash)
}
