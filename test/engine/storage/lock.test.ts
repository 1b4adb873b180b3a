import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../../main/engine/storage/database.ts'

const database = new URL('../../../main/engine/storage/database.ts', import.meta.url).href

/** Another process that opens `folder`, writes one uncommitted and one committed row, and then only waits. */
async function otherFermata(folder: string): Promise<ChildProcess> {
  const program = `
    import { openDatabase } from ${JSON.stringify(database)}
    const { db } = openDatabase(process.argv[1])
    db.exec('CREATE TABLE kept (a); INSERT INTO kept VALUES (1); BEGIN; INSERT INTO kept VALUES (2)')
    globalThis.kept = db
    console.log('open')
    setInterval(() => {}, 60_000)`
  const child = spawn(process.execPath, ['--experimental-strip-types', '--input-type=module', '-e', program, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the other process ended with ${code}`))),
  ])
  return child
}

/** What this process has open in `folder`. Linux only. */
function openIn(folder: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`)
      return path.startsWith(folder) ? [path.slice(folder.length + 1)] : []
    } catch {
      return []
    }
  })
}

describe('the lock on the data folder', () => {
  let folder: string
  let other: ChildProcess
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fermata-lock-'))
    other = await otherFermata(folder)
  })
  afterEach(() => {
    other.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  })

  it('keeps this process out while another one lives, and names it', () => {
    expect(() => openDatabase(folder)).toThrow(
      expect.objectContaining({
        code: 'DATA_DIR_IN_USE',
        message: `Another Fermata (process ${other.pid}) is using ${folder}.`,
        remedy: expect.stringContaining('Quit the other one'),
      }),
    )
  })

  it.runIf(process.platform === 'linux')('refuses before the database is opened, and keeps nothing open', () => {
    expect(() => openDatabase(folder)).toThrow()
    expect(openIn(folder)).toEqual([])
  })

  it('vanishes at once with a process that was killed, and what that one had committed is there', async () => {
    const gone = once(other, 'exit')
    other.kill('SIGKILL')
    await gone
    const mine = openDatabase(folder)
    expect(mine.db.prepare('SELECT a FROM kept').pluck().all()).toEqual([1])
    expect(() => openDatabase(folder)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(`process ${process.pid})`) }),
    )
    mine.close()
  })
})
