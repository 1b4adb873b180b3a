import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { StorageError } from '../errors.ts'
import { makeFolder } from '../make-folder.ts'
import { lockDataDir, lockFileOf } from './lock.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import type { Migration } from './migrations/migration.ts'
import { forgetRestore, isLost, pendingRestore, type Restored, restoreBackup } from './restore.ts'
import { guarded, storageProblem } from './sqlite-problem.ts'
import { checkWhole } from './whole.ts'

/** The open database of a data folder, with this process as its only writer. */
export interface OpenDatabase {
  readonly db: Database.Database
  /** Absolute path of `fermata.db`. */
  readonly file: string
  /** Set when its backup took its place, until {@link OpenDatabase.forgetRestore}: the next start asks again. */
  readonly restored: Restored | null
  /** All that follows from the restore has been done. */
  forgetRestore(): void
  /** @throws StorageError DATA_DIR_GONE when the file is not where it was opened: what is written would go nowhere. */
  assertInPlace(): void
  /** Closes the database, then gives the folder free. Calling it twice is harmless. */
  close(): void
}

/** How long to wait at the start for other programs that use the database, in ms. */
const PATIENCE_AT_START_MS = 5000
/** And later, when everything else waits with it; whoever could not write tries again. */
const PATIENCE_MS = 100

/**
 * Opens `fermata.db` in `dataDir`, makes the folder (mode 0700) and the tables when they are missing, and keeps every other
 * Fermata out while it is open. A committed transaction survives a power cut. A file that is damaged is moved aside and its
 * last backup put in its place.
 * @throws StorageError when the folder is in use or not writable, the file is locked, damaged without a backup, or from a newer Fermata.
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
    db = guarded(file, () => openOrRestore(file, steps))
  } finally {
    if (db === null) unlock()
  }
  const opened = idOf(file)
  const lock = lockFileOf(dataDir)
  const locked = idOf(lock)
  return {
    db,
    file,
    restored: pendingRestore(file),
    forgetRestore: () => forgetRestore(file),
    assertInPlace() {
      if (idOf(file) !== opened) throw gone(file)
      // Without it another Fermata could come in: whoever no longer has it writes no more.
      if (idOf(lock) !== locked) throw gone(lock)
    },
    close() {
      db.close()
      unlock()
    },
  }
}

function openOrRestore(file: string, steps: readonly Migration[]): Database.Database {
  try {
    if (isLost(file)) throw beyondHelp(file)
    return openFile(file, steps)
  } catch (cause) {
    const problem = storageProblem(file, cause)
    if (problem.code !== 'DATABASE_CORRUPT') throw problem
    if (restoreBackup(file, Date.now()) === null) throw beyondHelp(file, cause)
    return openFile(file, steps)
  }
}

function openFile(file: string, steps: readonly Migration[]): Database.Database {
  const db = new Database(file, { timeout: PATIENCE_AT_START_MS })
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    checkWhole(db)
    migrate(db, steps)
    db.pragma('foreign_keys = ON')
    // Whoever cannot write should know now and not after the first job.
    db.exec('BEGIN IMMEDIATE; COMMIT')
    db.pragma(`busy_timeout = ${PATIENCE_MS}`)
    return db
  } catch (cause) {
    db.close()
    throw cause
  }
}

/** Nothing is begun anew unasked: that could let a person believe that nothing was ever there. */
function beyondHelp(file: string, cause?: unknown): StorageError {
  return new StorageError(
    'DATABASE_CORRUPT',
    `The file ${file} is damaged or is not a Fermata database, and it has no usable backup.`,
    {
      remedy: `Move all files whose names begin with fermata.db out of ${dirname(file)}; Fermata then begins with an empty database.`,
      cause,
    },
  )
}

function gone(file: string): StorageError {
  return new StorageError('DATA_DIR_GONE', `The file ${file} is no longer where it was.`, {
    remedy: 'Put its folder back as it was: Fermata goes on by itself. If it is lost, quit Fermata and start it again.',
  })
}

/** Which file it is; null when there is none. */
function idOf(path: string): string | null {
  const facts = statSync(path, { bigint: true, throwIfNoEntry: false })
  return facts ? `${facts.dev}:${facts.ino}` : null
}
