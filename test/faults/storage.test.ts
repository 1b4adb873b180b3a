import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Disposer, EngineOptions } from '../../main/engine/index.ts'
import { backUp } from '../../main/engine/storage/backup.ts'
import { DAMAGES } from '../support/damage.ts'
import { CAN_MAKE_READ_ONLY, CAN_MOUNT, makeReadOnly, mountSmallDisk } from '../support/disks.ts'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { gatedScore, makePlace, type Place } from '../support/place.ts'
import { attemptLeaders, killAll, processesWithMarker } from '../support/processes.ts'
import { until } from '../support/wait.ts'

let place: Place
let engine: TestEngine | null
let others: ChildProcess[]
let undo: Disposer[]
let problems: { message: string; error: unknown }[]
beforeEach(() => {
  place = makePlace()
  engine = null
  others = []
  undo = []
  problems = []
})
afterEach(async () => {
  for (const other of others) other.kill('SIGKILL')
  for (const one of undo.reverse()) one()
  await engine?.close()
  killAll(processesWithMarker(place.root).map(({ pid }) => pid))
  place.remove()
})

const database = (): string => join(place.dataDir, 'fermata.db')
const codes = (): unknown[] => problems.map(({ error }) => (error instanceof Error && 'code' in error ? error.code : null))

async function start(): Promise<TestEngine> {
  const onProblem: EngineOptions['onProblem'] = (message, error) => problems.push({ message, error })
  engine = await startEngine(place, { onProblem })
  return engine
}

async function stop(): Promise<void> {
  await engine?.close()
  engine = null
}

/** A program that runs on its own until it is killed; gives its first line. */
async function another(program: string, ...args: string[]): Promise<{ child: ChildProcess; says: string }> {
  const child = spawn(process.execPath, ['--input-type=commonjs', '-e', program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  others.push(child)
  const [line] = await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(([status]) => Promise.reject(new Error(`the other program ended with ${status}`))),
  ])
  return { child, says: String(line).trim() }
}

/** Somebody with a SQLite shell who began to write and went for a coffee. */
function lockedByAnother(): Promise<{ child: ChildProcess }> {
  const program = `
    const Database = require(process.argv[1])
    globalThis.db = new Database(process.argv[2])
    db.exec('BEGIN IMMEDIATE')
    console.log('locked')
    setInterval(() => {}, 60_000)`
  return another(program, createRequire(import.meta.url).resolve('better-sqlite3'), database())
}

/** A Fermata that is killed rather than quit. */
async function hostOf(scorePath: string): Promise<{ child: ChildProcess; jobId: string }> {
  const host = join(import.meta.dirname, '../support/engine-host.ts')
  const child = spawn(process.execPath, [host, place.dataDir, scorePath], { stdio: ['ignore', 'pipe', 'inherit'] })
  others.push(child)
  const [line] = await once(child.stdout, 'data')
  return { child, jobId: String(line).split('\n')[0] ?? '' }
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

describe('a database that is damaged while Fermata is away', () => {
  it.each(Object.entries(DAMAGES))('and %s: its backup takes its place, and nothing runs twice', async (how, damage) => {
    const score = gatedScore(place, 'song', 3)
    const { jobs } = await start()
    const { id } = await jobs.submit(score.path)
    await until('sheet 1 runs', async () => (await jobs.status(id)).running[0]?.phase === 'running')
    await backUp(database())
    const backup = readFileSync(`${database()}.backup`)
    score.open(1)
    await until('sheet 2 runs', () => score.journal().includes('start 2 attempt 1'))
    await stop()
    // A backup that knows nothing of the end of sheet 1 and of sheet 2.
    writeFileSync(`${database()}.backup`, backup)
    const ghosts = attemptLeaders(place.root)
    damage(database())

    const restored = await start()
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining(how === 'was deleted' ? 'was gone' : 'was damaged'),
      expect.stringContaining('1 attempt'),
    ])
    const held = await restored.reaches(id, 'interrupted')
    expect(held.sheets.map(({ status }) => status)).toEqual(['completed', 'pending', 'pending'])
    expect(ghosts).toHaveLength(1)
    expect(processesWithMarker(place.root)).toEqual([])

    score.open(2, 3)
    await restored.jobs.resume(id)
    await restored.reaches(id, 'completed')
    expect(score.journal()).toEqual([
      ...['start 1 attempt 1', 'end 1 attempt 1'],
      ...['start 2 attempt 1', 'start 2 attempt 1', 'end 2 attempt 1'],
      ...['start 3 attempt 1', 'end 3 attempt 1'],
    ])
    expect((await restored.jobs.logWindow(id, 2, 0, 'stdout', 1, 10)).lines).toHaveLength(2)
    await stop()

    problems = []
    const later = await start()
    expect((await later.jobs.status(id)).status).toBe('completed')
    expect(problems).toEqual([])
  })

  it('and has no backup: Fermata says so, and leaves it as it is', async () => {
    const score = gatedScore(place, 'song', 1)
    score.open(1)
    const { jobs, reaches } = await start()
    await reaches((await jobs.submit(score.path)).id, 'completed')
    await stop()
    rmSync(`${database()}.backup`, { force: true })
    DAMAGES['has a damaged page in the middle']?.(database())
    const before = readFileSync(database())
    await expect(start()).rejects.toMatchObject({
      code: 'DATABASE_CORRUPT',
      message: expect.stringContaining(database()),
      remedy: expect.stringContaining(place.dataDir),
    })
    expect(readFileSync(database())).toEqual(before)
  })

  it('after a kill -9, so that all there is stands in its journal: its backup takes its place', async () => {
    const score = gatedScore(place, 'song', 2)
    const host = await hostOf(score.path)
    await until('sheet 1 runs', () => score.journal().includes('start 1 attempt 1'))
    await backUp(database())
    await killed(host.child)
    expect(statSync(`${database()}-wal`).size).toBeGreaterThan(0)
    truncateSync(database(), 0)
    const { jobs, reaches } = await start()
    expect(problems).toHaveLength(1)
    score.open(1, 2)
    await reaches(host.jobId, 'interrupted')
    await jobs.resume(host.jobId)
    await reaches(host.jobId, 'completed')
    // The attempt the backup knows of was adopted, not run again.
    expect(score.journal().filter((line) => line.startsWith('start'))).toEqual(['start 1 attempt 1', 'start 2 attempt 1'])
  })

  it('and whose whole data folder is new: what still runs of unknown jobs is ended', async () => {
    const score = gatedScore(place, 'song', 1)
    const { jobs } = await start()
    const { id } = await jobs.submit(score.path)
    await until('sheet 1 runs', () => score.journal().includes('start 1 attempt 1'))
    await stop()
    for (const name of readdirSync(place.dataDir)) if (name.startsWith('fermata.db')) rmSync(join(place.dataDir, name))
    const empty = await start()
    expect(await empty.jobs.list()).toEqual([])
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('1 attempt')])
    expect(processesWithMarker(place.root)).toEqual([])
    expect(existsSync(join(place.dataDir, 'attempts', id, '1-1'))).toBe(false)
  })
})

describe('a database that another program has locked', () => {
  it('at the start, longer than Fermata waits: it says so, and starts when the lock is gone', async () => {
    await start()
    await stop()
    const { child } = await lockedByAnother()
    await expect(start()).rejects.toMatchObject({
      code: 'DATABASE_BUSY',
      message: expect.stringContaining(database()),
      remedy: expect.any(String),
    })
    await killed(child)
    await start()
    expect(problems).toEqual([])
  })

  it('during a run: it says so once, goes on by itself, loses nothing and never stands still', async () => {
    const [one, two] = [gatedScore(place, 'one', 2), gatedScore(place, 'two', 2, { workspace: join(place.root, 'other') })]
    const { jobs, reaches } = await start()
    const ids = [(await jobs.submit(one.path)).id, (await jobs.submit(two.path)).id]
    await until('both run', async () => (await jobs.list()).every(({ running }) => running[0]?.phase === 'running'))
    const { child } = await lockedByAnother()
    const delays = monitorEventLoopDelay({ resolution: 5 })
    delays.enable()
    one.open(1, 2)
    await until('it is told', () => problems.length > 0)
    // How long it is locked is the test's input, not a wait for something.
    await delay(3500)
    await killed(child)
    for (const number of [1, 2]) writeFileSync(join(place.root, 'other', `gate-${number}`), '')
    await Promise.all(ids.map((id) => reaches(id, 'completed')))
    delays.disable()
    expect(codes()).toEqual(['DATABASE_BUSY'])
    expect(delays.max / 1e6).toBeLessThan(1000)
    for (const { sheets } of await Promise.all(ids.map((id) => jobs.status(id))))
      expect(sheets.map(({ attempts }) => attempts)).toEqual([1, 1])
    expect(one.journal().filter((line) => line.startsWith('start'))).toEqual(['start 1 attempt 1', 'start 2 attempt 1'])
  })
})

describe('a data folder', () => {
  it.runIf(CAN_MAKE_READ_ONLY)('that cannot be written is named, and nothing in it is touched', async () => {
    await start()
    await stop()
    writeFileSync(join(place.dataDir, 'fermata.holder'), 'left by one that was killed')
    const before = readFileSync(database())
    const writable = makeReadOnly(place.dataDir)
    undo.push(writable)
    await expect(start()).rejects.toMatchObject({
      // Whether SQLite finds out at the lock or at the database is the file system's affair.
      code: expect.stringMatching(/^DATA(BASE|_DIR)_INACCESSIBLE$/),
      message: expect.stringContaining(place.dataDir),
      remedy: expect.stringContaining('you may write to'),
    })
    undo.pop()?.()
    expect(readFileSync(database())).toEqual(before)
    await start()
  })

  it('that is moved away during a run is missed, and when it is back all goes on as if nothing had been', async () => {
    const score = gatedScore(place, 'song', 2)
    const { jobs, reaches } = await start()
    const { id } = await jobs.submit(score.path)
    await until('sheet 1 runs', async () => (await jobs.status(id)).running[0]?.phase === 'running')
    renameSync(place.dataDir, `${place.dataDir}-elsewhere`)
    expect((await jobs.pause(id)).status).toBe('running')
    expect(codes()).toEqual(['DATA_DIR_GONE'])
    renameSync(`${place.dataDir}-elsewhere`, place.dataDir)
    await reaches(id, 'pausing')
    score.open(1, 2)
    await reaches(id, 'paused')
    await jobs.resume(id)
    await reaches(id, 'completed')
    expect(score.journal().filter((line) => line.startsWith('start'))).toEqual(['start 1 attempt 1', 'start 2 attempt 1'])
    expect(codes()).toEqual(['DATA_DIR_GONE'])
  })

  it('that is deleted during a run is missed: nobody is told that something was saved', async () => {
    const score = gatedScore(place, 'song', 2)
    const { jobs } = await start()
    const { id } = await jobs.submit(score.path)
    await until('sheet 1 runs', async () => (await jobs.status(id)).running[0]?.phase === 'running')
    rmSync(place.dataDir, { recursive: true })
    score.open(1)
    await until('it is told', () => problems.length > 0)
    expect(codes()).toEqual(['DATA_DIR_GONE'])
    expect(problems[0]?.error).toMatchObject({ message: expect.stringContaining(database()), remedy: expect.any(String) })
    await expect(jobs.submit(gatedScore(place, 'other', 1, { workspace: join(place.root, 'other') }).path)).rejects.toMatchObject(
      {
        code: 'DATA_DIR_GONE',
      },
    )
    expect((await jobs.status(id)).sheets.map(({ status }) => status)).toEqual(['in_progress', 'pending'])
    expect(score.journal().filter((line) => line.startsWith('start'))).toEqual(['start 1 attempt 1'])
    expect(existsSync(place.dataDir)).toBe(false)
  })

  it.runIf(CAN_MOUNT)('on a full disk: it is told once, nothing is lost, and the jobs go on when there is space', async () => {
    undo.push(mountSmallDisk(place.dataDir, 2_000_000))
    const score = gatedScore(place, 'song', 3)
    const { jobs, reaches } = await start()
    const { id } = await jobs.submit(score.path)
    // Its next words fit beside these: an agent that cannot print fails by itself, and is run again.
    await until('sheet 1 has spoken', async () => (await jobs.logWindow(id, 1, 0, 'stdout', 1, 1)).lines.length > 0)
    const filler = join(place.dataDir, 'filler')
    fill(filler)
    score.open(1)
    await until('it is told', () => problems.length > 0)
    expect(codes()).toEqual(['DISK_FULL'])
    expect((await jobs.status(id)).sheets[0]?.status).toBe('in_progress')
    rmSync(filler)
    score.open(2, 3)
    await reaches(id, 'completed')
    expect(codes()).toEqual(['DISK_FULL'])
    expect(score.journal().filter((line) => line.startsWith('start'))).toEqual(
      [1, 2, 3].map((sheet) => `start ${sheet} attempt 1`),
    )
    await stop()
    await start()
    expect((await engine?.jobs.status(id))?.status).toBe('completed')
  })
})

describe('two Fermatas on one data folder', () => {
  it('the second refuses, names the first and touches nothing; once the first is killed it has the folder at once', async () => {
    const score = gatedScore(place, 'song', 2)
    const host = await hostOf(score.path)
    await until('sheet 1 runs', () => score.journal().includes('start 1 attempt 1'))
    await expect(start()).rejects.toMatchObject({
      code: 'DATA_DIR_IN_USE',
      message: `Another Fermata (process ${host.child.pid}) is using ${place.dataDir}.`,
      remedy: expect.any(String),
    })
    await killed(host.child)
    const { reaches } = await start()
    score.open(1, 2)
    await reaches(host.jobId, 'completed')
    expect(score.journal().filter((line) => line.startsWith('start'))).toEqual(['start 1 attempt 1', 'start 2 attempt 1'])
    expect(problems).toEqual([])
  })

  it('the first writes no more once somebody has deleted its lock, which would let a second one in', async () => {
    const score = gatedScore(place, 'song', 1)
    const { jobs } = await start()
    const { id } = await jobs.submit(score.path)
    await until('sheet 1 runs', () => score.journal().includes('start 1 attempt 1'))
    rmSync(join(place.dataDir, 'fermata.lock'))
    score.open(1)
    await until('it is missed', () => codes().includes('DATA_DIR_GONE'))
    await stop()
    await (await start()).reaches(id, 'completed')
    expect(score.journal()).toEqual(['start 1 attempt 1', 'end 1 attempt 1'])
  })
})

/** Until nothing more fits on its disk. */
function fill(file: string): void {
  const handle = openSync(file, 'w')
  try {
    for (const bytes of [65_536, 4096, 512, 1]) {
      try {
        for (;;) writeSync(handle, Buffer.alloc(bytes))
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
      }
    }
  } finally {
    closeSync(handle)
  }
}
