import { join } from 'node:path'
import Database from 'better-sqlite3'
import { StorageError } from '../errors.ts'
import { makeFolder } from '../make-folder.ts'
import { lockDataDir } from './lock.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import type { Migration } from './migrations/migration.ts'
import { guarded } from './sqlite-problem.ts'

/** The open database of a data folder, with this process as its only writer. */
export interface OpenDatabase {
  readonly db: Database.Database
  /** Absolute path of `fermata.db`. */
  readonly file: string
  /** Closes the database, then gives the folder free. Calling it twice is harmless. */
  close(): void
}

/** How long to wait for other programs that read the database, in ms. */
const BUSY_TIMEOUT_MS = 5000

/**
 * Opens `fermata.db` in `dataDir`, makes the folder (mode 0700) and the tables when they are missing, and keeps every other
 * Fermata out while it is open. A committed transaction survives a power cut.
 * @throws StorageError when the folder is in use or not writable, or the file is damaged or from a newer Fermata.
 */
export function openDatabase(dataDir: string, steps: readonly Migration[] = migrations): OpenDatabase {
  try {
    makeFolder(dataDir, 0o700)
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    throw new StorageError('DATA_DIR_INACCESSIBLE', `The folder ${dataDir} cannot be made: ${detail}.`, {
      remedy: 'Choose another folder with --data-dir.',
      cause,
    })
  }
  const unlock = lockDataDir(dataDir)
  const file = join(dataDir, 'fermata.db')
  let db: Database.Database | null = null
  try {
    db = guarded(file, () => openFile(file, steps))
  } finally {
    if (db === null) unlock()
  }
  return {
    db,
    file,
    close() {
      db.close()
      unlock()
    },
  }
}

function openFile(file: string, steps: readonly Migration[]): Database.Database {
  const db = new Database(file, { timeout: BUSY_TIMEOUT_MS })
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    migrate(db, steps)
    db.pragma('foreign_keys = ON')
    return db
  } catch (cause) {
    db.close()
    throw cause
  }
}
