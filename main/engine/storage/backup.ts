import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { backupOf } from './restore.ts'
import { storageProblem } from './sqlite-problem.ts'

/**
 * Reads the database in one go while its owner writes on, then reads the copy: what is damaged never takes the place of a good
 * backup. Nothing but SQLite may open the database file here: to close it would give up the locks this process holds on it.
 */
const WORK = `
const { closeSync, fsyncSync, openSync, renameSync, rmSync } = require('node:fs')
const { sqlite, file, backup } = require('node:worker_threads').workerData
const Database = require(sqlite)
const copy = backup + '.part'
rmSync(copy, { force: true })
try {
  const db = new Database(file, { readonly: true })
  try { db.prepare('VACUUM INTO ?').run(copy) } finally { db.close() }
  const made = new Database(copy, { readonly: true })
  try {
    const finding = made.pragma('integrity_check(1)', { simple: true })
    if (finding !== 'ok') throw Object.assign(new Error(finding), { code: 'SQLITE_CORRUPT' })
  } finally { made.close() }
  const handle = openSync(copy, 'r+')
  try { fsyncSync(handle) } finally { closeSync(handle) }
  renameSync(copy, backup)
} finally {
  rmSync(copy, { force: true })
}`

/**
 * Copies the open database `file` to `<file>.backup`, in a thread of its own; the copy is whole or the last one stays.
 * @param signal gives up at once: no backup will come of it any more
 * @throws StorageError; whatever it is, the last backup stays as it was
 */
export function backUp(file: string, signal?: AbortSignal): Promise<void> {
  const sqlite = createRequire(import.meta.url).resolve('better-sqlite3')
  const worker = new Worker(WORK, { eval: true, workerData: { sqlite, file, backup: backupOf(file) } })
  return new Promise<void>((resolve, reject) => {
    const fail = (cause: unknown) => reject(storageProblem(file, cause))
    // A step under way in SQLite cannot be broken off, but nothing comes after it.
    const giveUp = () => {
      void worker.terminate()
      fail(new Error('the backup took too long'))
    }
    signal?.addEventListener('abort', giveUp)
    worker.once('error', fail)
    worker.once('exit', (status) => {
      signal?.removeEventListener('abort', giveUp)
      if (status === 0) resolve()
      else fail(new Error(`the backup ended with status ${status}`))
    })
  })
}
