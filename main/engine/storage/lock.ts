import { join } from 'node:path'
import Database from 'better-sqlite3'
import { StorageError } from '../errors.ts'
import type { Disposer } from '../ports.ts'
import { storageProblem } from './sqlite-problem.ts'

/** A lock nobody refers to would be closed, and so given up, by the garbage collector. */
const held = new Set<Database.Database>()

/**
 * Makes this process the only writer of `dataDir` until the disposer is called or the process ends, however it ends:
 * the lock is the system's own file lock on `fermata.lock`, taken by an open exclusive transaction, so nothing stale
 * can be left behind. `fermata.db` itself stays readable for other programs.
 * @throws StorageError DATA_DIR_IN_USE when another Fermata holds it.
 */
export function lockDataDir(dataDir: string): Disposer {
  const file = join(dataDir, 'fermata.lock')
  let lock: Database.Database | null = null
  try {
    lock = new Database(file, { timeout: 0 })
    lock.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    lock?.close()
    if (cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY')) {
      throw new StorageError('DATA_DIR_IN_USE', `Another Fermata is using ${dataDir}.`, {
        remedy: 'Quit the other one, or choose another folder with --data-dir.',
        cause,
      })
    }
    throw storageProblem(file, cause)
  }
  const mine = lock
  held.add(mine)
  return () => {
    held.delete(mine)
    mine.close()
  }
}
