import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { openSettings } from '../settings/settings-file.ts'
import { createMemory, type Memory, NO_MEMORY } from './memory.ts'

/**
 * Lets `use` look at what was learned in a data folder, also while another Fermata works there. A folder without a database, or
 * with one that cannot be read, holds nothing.
 */
export async function withMemory<T>(dataDir: string, use: (memory: Memory) => Promise<T>): Promise<T> {
  const file = join(dataDir, 'fermata.db')
  if (!existsSync(file)) return use(NO_MEMORY)
  const { learning } = openSettings(join(dataDir, 'settings.json'), () => {}).current()
  const opened = open(file, learning)
  if (opened === null) return use(NO_MEMORY)
  try {
    return await use(opened.memory)
  } finally {
    opened.db.close()
  }
}

function open(file: string, enabled: boolean): { readonly db: Database.Database; readonly memory: Memory } | null {
  let db: Database.Database | null = null
  try {
    db = new Database(file, { readonly: true, fileMustExist: true })
    return { db, memory: createMemory(db, () => enabled) }
  } catch {
    // Damaged, of an earlier Fermata without the table, or busy: that is for whoever runs the jobs to tell.
    db?.close()
    return null
  }
}
