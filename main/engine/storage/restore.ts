import { closeSync, copyFileSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { z } from 'zod'
import { checkWhole } from './whole.ts'

/** That the backup had to take the place of a database that was damaged or gone. */
export interface Restored {
  /** When the backup was made, epoch ms. What happened later is not known. */
  readonly from: number
  /** Absolute path of the damaged database, kept for whoever wants to look into it; null when there was none any more. */
  readonly damaged: string | null
}

const note = z.strictObject({ from: z.number(), damaged: z.string().nullable() })

export const backupOf = (file: string): string => `${file}.backup`
/** Tells of a restore from before it begins until everything that follows from it has been done. */
const noteOf = (file: string): string => `${file}.restored`

/**
 * Whether SQLite would make an empty database of `file` though there was one: the file is missing or empty, but what belongs
 * to it is there.
 */
export function isLost(file: string): boolean {
  return sizeOf(file) === 0 && (sizeOf(backupOf(file)) > 0 || sizeOf(`${file}-wal`) > 0)
}

/**
 * Puts a copy of the backup in the place of the database `file`, which must be closed and is moved aside. Whenever this is
 * broken off, the next start finds the database missing and does it again.
 *
 * @param now epoch ms
 * @returns null when there is no usable backup; then nothing was touched
 * @throws an error of the file system
 */
export function restoreBackup(file: string, now: number): Restored | null {
  const backup = backupOf(file)
  if (sizeOf(backup) === 0) return null
  const copy = `${file}.part`
  copyFileSync(backup, copy)
  if (!isUsable(copy)) {
    rmSync(copy)
    return null
  }
  sync(copy)
  const aside = `${file}.damaged-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`
  const damaged = isThere(file) ? aside : (pendingRestore(file)?.damaged ?? null)
  const restored: Restored = { from: statSync(backup).mtimeMs, damaged }
  writeWhole(noteOf(file), JSON.stringify(restored))
  for (const part of ['', '-wal', '-shm']) if (isThere(file + part)) renameSync(file + part, aside + part)
  renameSync(copy, file)
  return restored
}

/** The restore whose consequences have not been seen to yet, maybe of an earlier start; null when there is none. */
export function pendingRestore(file: string): Restored | null {
  const path = noteOf(file)
  if (!isThere(path)) return null
  try {
    return note.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    // That there was a restore is what matters.
    return { from: statSync(path).mtimeMs, damaged: null }
  }
}

/** All that follows from the restore has been done. */
export function forgetRestore(file: string): void {
  rmSync(noteOf(file), { force: true })
}

/** What a person has to know of it. */
export function restoreNotice(file: string, { from, damaged }: Restored): string {
  const when = new Date(from).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
  const after = `What happened after that is not known: unfinished jobs wait for you to look at them and resume.`
  if (damaged)
    return `The database was damaged. Its backup of ${when} took its place. ${after} The damaged file is kept: ${damaged}`
  return `The database ${file} was gone. Its backup of ${when} took its place. ${after} To begin with an empty one, remove the backup too`
}

function isUsable(copy: string): boolean {
  let db: Database.Database | null = null
  try {
    db = new Database(copy, { readonly: true })
    checkWhole(db)
    return Number(db.pragma('user_version', { simple: true })) > 0
  } catch {
    return false
  } finally {
    db?.close()
  }
}

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined
const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.part`, text)
  sync(`${path}.part`)
  renameSync(`${path}.part`, path)
}

function sync(path: string): void {
  const handle = openSync(path, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
