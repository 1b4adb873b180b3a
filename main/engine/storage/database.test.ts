import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StorageError } from '../errors.ts'
import { openDatabase } from './database.ts'
import { migrations } from './migrations/index.ts'
import type { Migration } from './migrations/migration.ts'

const newest = migrations.length + 1
const songs: Migration = { name: 'next-songs', up: 'CREATE TABLE songs (title TEXT)' }
const wrong: Migration = { name: 'after-wrong', up: 'CREATE TABLE half (a); CREATE TABLE songs (title)' }

describe('the database', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fermata-db-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const failure = (work: () => unknown): StorageError => {
    try {
      work()
    } catch (error) {
      if (error instanceof StorageError) return error
      throw error
    }
    throw new Error('it did not fail')
  }
  const tables = (file: string) => {
    const db = new Database(file, { readonly: true })
    try {
      return db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).pluck().all()
    } finally {
      db.close()
    }
  }

  it('makes its folder, for its user only, and commits durably', () => {
    const fresh = join(folder, 'deep', 'Fermata')
    const database = openDatabase(fresh)
    expect(statSync(fresh).mode & 0o777).toBe(0o700)
    expect(database.db.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(database.db.pragma('synchronous', { simple: true })).toBe(2)
    expect(database.db.pragma('foreign_keys', { simple: true })).toBe(1)
    database.close()
  })

  it('keeps a second Fermata out until it is closed, but lets others read', () => {
    const first = openDatabase(folder)
    const refusal = failure(() => openDatabase(folder))
    expect(refusal.code).toBe('DATA_DIR_IN_USE')
    expect(refusal.message).toContain(folder)
    expect(refusal.remedy).toContain('--data-dir')
    expect(tables(first.file)).toContain('jobs')
    first.close()
    first.close()
    openDatabase(folder).close()
  })

  it('copies itself before it is brought up to date', () => {
    openDatabase(folder).close()
    expect(readdirSync(folder).filter((name) => name.includes('before'))).toEqual([])
    const database = openDatabase(folder, [...migrations, songs])
    expect(database.db.pragma('user_version', { simple: true })).toBe(newest)
    expect(database.db.pragma('foreign_keys', { simple: true })).toBe(1)
    database.close()
    expect(tables(join(folder, 'fermata.db'))).toContain('songs')
    const copy = tables(join(folder, `fermata.db.before-schema-${newest}`))
    expect(copy).toContain('jobs')
    expect(copy).not.toContain('songs')
  })

  it('stays at the last good schema when a step fails, and can be tried again', () => {
    const refusal = failure(() => openDatabase(folder, [...migrations, songs, wrong]))
    expect(refusal.code).toBe('MIGRATION_FAILED')
    expect(refusal.message).toContain('after-wrong')
    const database = openDatabase(folder, [...migrations, songs])
    expect(database.db.pragma('user_version', { simple: true })).toBe(newest)
    database.close()
    expect(tables(join(folder, 'fermata.db'))).not.toContain('half')
    expect(failure(() => openDatabase(folder, [...migrations, songs, wrong])).code).toBe('MIGRATION_FAILED')
    expect(failure(() => openDatabase(folder, [...migrations, songs, wrong])).code).toBe('MIGRATION_FAILED')
  })

  it('refuses a step that leaves rows without what they refer to', () => {
    const orphan: Migration = { name: 'next-orphan', up: `INSERT INTO sheets VALUES ('nobody', 1, 'pending', '{}')` }
    expect(failure(() => openDatabase(folder, [...migrations, orphan])).code).toBe('MIGRATION_FAILED')
  })

  it('does not touch what a newer Fermata wrote', () => {
    openDatabase(folder, [...migrations, songs]).close()
    const refusal = failure(() => openDatabase(folder))
    expect(refusal.code).toBe('DATABASE_TOO_NEW')
    expect(refusal.remedy).toContain('newer version')
    openDatabase(folder, [...migrations, songs]).close()
  })

  it('names a damaged file and what to do, and holds no lock afterwards', () => {
    const file = join(folder, 'fermata.db')
    writeFileSync(file, 'this was a database once, long ago. '.repeat(200))
    const refusal = failure(() => openDatabase(folder))
    expect(refusal.code).toBe('DATABASE_CORRUPT')
    expect(refusal.message).toContain(file)
    expect(refusal.remedy).not.toBeNull()
    rmSync(file)
    openDatabase(folder).close()
  })

  it('says so when the folder cannot be made', () => {
    writeFileSync(join(folder, 'file'), '')
    const refusal = failure(() => openDatabase(join(folder, 'file', 'data')))
    expect(refusal.code).toBe('DATA_DIR_INACCESSIBLE')
    expect(refusal.remedy).toContain('--data-dir')
  })
})
