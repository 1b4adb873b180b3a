import { existsSync, renameSync, rmSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { StorageError } from '../errors.ts'
import type { Migration } from './migrations/migration.ts'

/**
 * Brings `db` to the schema of the last of `migrations`, each in a transaction of its own. A database that exists already is
 * copied first, to `<file>.before-schema-<n>`.
 * @throws StorageError DATABASE_TOO_NEW when a newer Fermata wrote it, MIGRATION_FAILED when a step did not work; the
 * database is then at the schema of the last step that did.
 */
export function migrate(db: Database, migrations: readonly Migration[]): void {
  const from = schemaOf(db)
  if (from > migrations.length) {
    throw new StorageError(
      'DATABASE_TOO_NEW',
      `${db.name} was written by a newer Fermata (schema ${from}; this one knows ${migrations.length}).`,
      { remedy: 'Install the newer version again, or choose another folder with --data-dir.' },
    )
  }
  if (from === migrations.length) return
  if (from > 0) backUp(db, `${db.name}.before-schema-${migrations.length}`)

  // Rebuilding a table under enforced foreign keys would delete what refers to it; they are checked as a whole instead.
  db.pragma('foreign_keys = OFF')
  for (const [index, migration] of migrations.entries()) {
    if (index < from) continue
    try {
      db.transaction(() => {
        db.exec(migration.up)
        const broken = db.pragma('foreign_key_check') as unknown[]
        if (broken.length > 0) throw new Error(`it leaves ${broken.length} rows that refer to nothing`)
        db.pragma(`user_version = ${index + 1}`)
      }).immediate()
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause)
      throw new StorageError('MIGRATION_FAILED', `${db.name} could not be brought up to date (${migration.name}): ${detail}.`, {
        remedy: 'Nothing was lost: go on with the version you had, and report this message.',
        cause,
      })
    }
  }
}

function schemaOf(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }))
}

/** Written under another name first: a copy that is there is a whole one. */
function backUp(db: Database, file: string): void {
  const unfinished = `${file}.part`
  if (existsSync(unfinished)) rmSync(unfinished)
  db.prepare('VACUUM INTO ?').run(unfinished)
  renameSync(unfinished, file)
}
