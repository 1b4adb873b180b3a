import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Begun } from './promises.ts'

/** The sheets of unfinished jobs as the database keeps them while no Fermata runs. */
export function unfinishedSheets(dataDir: string): readonly Begun[] {
  return withDatabase(dataDir, (database) =>
    database
      .prepare<[], Begun>(
        `SELECT job_id AS job, number, json_extract(sheets.state, '$.attempts') AS attempts FROM sheets JOIN jobs ON jobs.id = job_id
         WHERE jobs.status NOT IN ('completed', 'failed', 'cancelled')`,
      )
      .all(),
  )
}

export const integrityOf = (dataDir: string): unknown =>
  withDatabase(dataDir, (database) => database.pragma('integrity_check', { simple: true }))

function withDatabase<T>(dataDir: string, ask: (database: Database.Database) => T): T {
  const database = new Database(join(dataDir, 'fermata.db'), { readonly: true })
  try {
    return ask(database)
  } finally {
    database.close()
  }
}
