import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAMAGES } from '../../../test/support/damage.ts'
import { eventually, type SimulatedClock, START, simulatedClock } from '../../../test/support/scripted.ts'
import { backUp } from './backup.ts'
import { type Backups, startBackups } from './backups.ts'
import { type OpenDatabase, openDatabase } from './database.ts'

const MINUTE = 60_000

let folder: string
let database: OpenDatabase
let backup: string
let clock: SimulatedClock
let problems: unknown[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fermata-backup-'))
  database = openDatabase(folder)
  backup = `${database.file}.backup`
  clock = simulatedClock()
  problems = []
  database.db.exec('CREATE TABLE kept (what)')
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true })
})

const write = (what: string): void => void database.db.prepare('INSERT INTO kept VALUES (?)').run(what)
const start = (): Backups => startBackups(database.file, { clock, onProblem: (_message, error) => problems.push(error) })
/** What the backup holds; null when there is none. */
function backedUp(): unknown[] | null {
  if (!existsSync(backup)) return null
  const db = new Database(backup, { readonly: true })
  try {
    return db.prepare('SELECT what FROM kept').pluck().all()
  } finally {
    db.close()
  }
}

describe('a backup', () => {
  it('is a whole database without a journal, and leaves nothing beside it', async () => {
    write('a')
    database.db.exec(`BEGIN; INSERT INTO kept VALUES ('not committed')`)
    await backUp(database.file)
    database.db.exec('COMMIT')
    expect(backedUp()).toEqual(['a'])
    expect(readdirSync(folder).filter((name) => name.startsWith('fermata.db.'))).toEqual(['fermata.db.backup'])
  })

  it('is never made of a damaged database', async () => {
    database.db.transaction(() => {
      for (let row = 0; row < 2000; row += 1) write(`${row} of many`)
    })()
    await backUp(database.file)
    const good = statSync(backup).ino
    database.close()
    DAMAGES['has a damaged page in the middle']?.(database.file)
    await expect(backUp(database.file)).rejects.toMatchObject({ code: 'DATABASE_CORRUPT', remedy: expect.any(String) })
    expect(statSync(backup).ino).toBe(good)
    expect(existsSync(`${backup}.part`)).toBe(false)
  })

  it('replaces what an earlier one left unfinished', async () => {
    writeFileSync(`${backup}.part`, 'half a database')
    await backUp(database.file)
    expect(backedUp()).toEqual([])
  })

  it('comes to nothing once it is given up', async () => {
    const patience = new AbortController()
    const made = backUp(database.file, patience.signal)
    patience.abort()
    await expect(made).rejects.toMatchObject({ code: 'DATABASE_FAILED' })
    expect(existsSync(backup)).toBe(false)
  })
})

describe('backups', () => {
  it('are made after the start when there is none, or an old one', async () => {
    start()
    expect(backedUp()).toBeNull()
    clock.advance(MINUTE)
    await eventually(() => expect(backedUp()).toEqual([]))

    write('a')
    utimesSync(backup, START / 1000, (START - 61 * MINUTE) / 1000)
    start()
    clock.advance(MINUTE)
    await eventually(() => expect(backedUp()).toEqual(['a']))
  })

  it('follow changes within five minutes, all of them at once, and only changes', async () => {
    await backUp(database.file)
    const backups = start()
    expect(clock.waits()).toEqual([])
    write('a')
    backups.changed()
    clock.advance(4 * MINUTE)
    write('b')
    backups.changed()
    expect(backedUp()).toEqual([])
    clock.advance(MINUTE)
    await eventually(() => expect(backedUp()).toEqual(['a', 'b']))
    expect(clock.waits()).toEqual([])
  })

  it('are made at the end when something has changed, and wait for nothing otherwise', async () => {
    await backUp(database.file)
    const idle = start()
    await idle.close()
    write('a')
    expect(backedUp()).toEqual([])
    const busy = start()
    busy.changed()
    await busy.close()
    expect(backedUp()).toEqual(['a'])
    expect(clock.waits()).toEqual([])
  })

  it('that fail are told once, tried again, and told anew after a good one', async () => {
    // Nothing can be written over a folder.
    const inTheWay = join(`${backup}.part`, 'x')
    const spoil = () => mkdirSync(inTheWay, { recursive: true })
    spoil()
    const backups = start()
    clock.advance(MINUTE)
    await eventually(() => expect(problems).toEqual([expect.objectContaining({ code: 'DATABASE_INACCESSIBLE' })]))
    await eventually(() => expect(clock.waits()).toHaveLength(1))
    clock.advance(5 * MINUTE)
    await eventually(() => expect(clock.waits()).toHaveLength(1))
    expect(problems).toHaveLength(1)

    rmSync(`${backup}.part`, { recursive: true })
    clock.advance(5 * MINUTE)
    await eventually(() => expect(backedUp()).toEqual([]))
    spoil()
    backups.changed()
    clock.advance(5 * MINUTE)
    await eventually(() => expect(problems).toHaveLength(2))
  })
})
