import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { StorageError } from '../errors.ts'
import type { Disposer } from '../ports.ts'

/** A lock nobody refers to would be closed, and so given up, by the garbage collector. */
const held = new Set<Database.Database>()

/** Absolute path of the file whose lock keeps others out of `dataDir`. */
export const lockFileOf = (dataDir: string): string => join(dataDir, 'fermata.lock')

/**
 * Makes this process the only writer of `dataDir` until the disposer is called or the process ends, however it ends:
 * the lock is the system's own file lock on `fermata.lock`, taken by an open exclusive transaction, so nothing stale
 * can be left behind. `fermata.db` itself stays readable for other programs.
 * @throws StorageError DATA_DIR_IN_USE, naming the process, when another Fermata holds it; DATA_DIR_INACCESSIBLE when nothing
 *   can be written there.
 */
export function lockDataDir(dataDir: string): Disposer {
  const holder = join(dataDir, 'fermata.holder')
  let lock: Database.Database | null = null
  try {
    lock = new Database(lockFileOf(dataDir), { timeout: 0 })
    lock.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    lock?.close()
    if (cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY')) {
      throw new StorageError('DATA_DIR_IN_USE', `Another Fermata${pidIn(holder)} is using ${dataDir}.`, {
        remedy: 'Quit the other one, or choose another folder with --data-dir.',
        cause,
      })
    }
    const detail = cause instanceof Error ? cause.message : String(cause)
    throw new StorageError(
      'DATA_DIR_INACCESSIBLE',
      `The folder ${dataDir} cannot be used: its fermata.lock cannot be locked (${detail}).`,
      {
        remedy: 'Check that you may write to it and that its disk is there, or choose another folder with --data-dir.',
        cause,
      },
    )
  }
  const mine = lock
  held.add(mine)
  signIn(holder)
  return () => {
    if (!held.delete(mine)) return
    signOut(holder)
    mine.close()
  }
}

/** Only for the sentence others are refused with; the lock is good without it. */
function signIn(holder: string): void {
  try {
    writeFileSync(holder, `${process.pid}\n`)
  } catch {
    // A full disk, which the database will tell of.
  }
}

function signOut(holder: string): void {
  try {
    rmSync(holder, { force: true })
  } catch {
    // The disk cannot be written any more; the next holder signs in anew.
  }
}

function pidIn(holder: string): string {
  try {
    const pid = readFileSync(holder, 'utf8').trim()
    return /^\d+$/.test(pid) ? ` (process ${pid})` : ''
  } catch {
    return ''
  }
}
