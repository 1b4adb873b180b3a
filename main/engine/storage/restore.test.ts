import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAMAGES } from '../../../test/support/damage.ts'
import { backUp } from './backup.ts'
import { type OpenDatabase, openDatabase } from './database.ts'
import { restoreNotice } from './restore.ts'

let folder: string
let file: string
let open: OpenDatabase | null
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fermata-restore-'))
  file = join(folder, 'fermata.db')
  open = null
})
afterEach(() => {
  open?.close()
  rmSync(folder, { recursive: true })
})

function start(): OpenDatabase {
  open = openDatabase(folder)
  return open
}
const close = (): void => {
  open?.close()
  open = null
}
const write = ({ db }: Pick<OpenDatabase, 'db'>, what: string): void => {
  db.exec(`CREATE TABLE IF NOT EXISTS kept (what TEXT); INSERT INTO kept VALUES ('${what}')`)
}
const kept = ({ db }: Pick<OpenDatabase, 'db'>): unknown[] => db.prepare('SELECT what FROM kept').pluck().all()
const names = (): string[] => readdirSync(folder).sort()

/** A database that says "before" with a backup, and that went on with "after". */
async function aDatabaseWithABackup(): Promise<void> {
  const database = start()
  write(database, 'before')
  await backUp(file)
  write(database, 'after')
  close()
}

describe.each(Object.entries(DAMAGES))('a database file that %s', (how, damage) => {
  it('is put aside, and its backup takes its place', async () => {
    await aDatabaseWithABackup()
    const madeAt = statSync(`${file}.backup`).mtimeMs
    damage(file)
    const found = existsSync(file) ? readFileSync(file) : null

    const { restored, db } = start()
    expect(kept({ db })).toEqual(['before'])
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(restored?.from).toBe(madeAt)
    expect(existsSync(`${file}.backup`)).toBe(true)
    if (how === 'was deleted') expect(restored?.damaged).toBeNull()
    else expect(readFileSync(String(restored?.damaged))).toEqual(found)
  })

  // Nothing would be left that tells of it.
  it.skipIf(how === 'was deleted' || how === 'was emptied')('is never replaced by an empty one when there is no backup', () => {
    write(start(), 'before')
    close()
    damage(file)
    const before = readFileSync(file)
    expect(start).toThrow(
      expect.objectContaining({
        code: 'DATABASE_CORRUPT',
        message: expect.stringContaining(file),
        remedy: expect.stringContaining(folder),
      }),
    )
    expect(readFileSync(file)).toEqual(before)
  })
})

describe('a restore', () => {
  it('is told at every start until what follows from it is done', async () => {
    await aDatabaseWithABackup()
    DAMAGES['was emptied']?.(file)
    const { restored } = start()
    close()
    const second = start()
    expect(second.restored).toEqual(restored)
    second.forgetRestore()
    close()
    const third = start()
    expect(third.restored).toBeNull()
    expect(kept(third)).toEqual(['before'])
  })

  it('that was broken off half-way is done again', async () => {
    await aDatabaseWithABackup()
    DAMAGES['has a damaged header']?.(file)
    const { restored } = start()
    close()
    // As if the machine had stopped between moving the one aside and the other into place.
    rmSync(file)
    const again = start()
    expect(again.restored).toEqual(restored)
    expect(kept(again)).toEqual(['before'])
  })

  it('takes what belonged to the damaged file along', async () => {
    await aDatabaseWithABackup()
    writeFileSync(`${file}-wal`, 'no journal')
    truncateSync(file, 0)
    const { db, restored } = start()
    expect(readFileSync(`${restored?.damaged}-wal`, 'utf8')).toBe('no journal')
    expect(kept({ db })).toEqual(['before'])
  })

  it('does not trust a damaged backup', async () => {
    await aDatabaseWithABackup()
    DAMAGES['has a damaged page in the middle']?.(file)
    DAMAGES['has a damaged page in the middle']?.(`${file}.backup`)
    const before = names()
    expect(start).toThrow(expect.objectContaining({ code: 'DATABASE_CORRUPT' }))
    expect(names()).toEqual(before)
  })

  it('is not the answer to a lost database of which only its journal is left', () => {
    writeFileSync(`${file}-wal`, 'all that is left')
    expect(start).toThrow(expect.objectContaining({ code: 'DATABASE_CORRUPT' }))
    expect(names()).toContain('fermata.db-wal')
  })

  it('is described with its time and where the damaged file is', () => {
    const from = new Date(2026, 5, 1, 12, 0).getTime()
    const notice = restoreNotice(file, { from, damaged: `${file}.damaged-1` })
    expect(notice).toContain('1 Jun 2026, 12:00')
    expect(notice).toContain(`${file}.damaged-1`)
    expect(restoreNotice(file, { from, damaged: null })).toContain('was gone')
  })
})

describe('a folder without a database', () => {
  it('gets an empty one', () => {
    expect(start().restored).toBeNull()
    close()
    rmSync(file)
    writeFileSync(file, '')
    expect(start().restored).toBeNull()
  })
})
