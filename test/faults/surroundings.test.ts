import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock, Disposer, JobDetail, TimeShift } from '../../main/engine/index.ts'
import { systemClock } from '../../main/engine/running/clock.ts'
import { CAN_MAKE_READ_ONLY, CAN_MOUNT, makeReadOnly, mountSmallDisk } from '../support/disks.ts'
import { addInstrument, startEngine, type TestEngine } from '../support/engine.ts'
import { type GatedScore, gatedScore, makePlace, type Place } from '../support/place.ts'
import { killAll, processesWithMarker } from '../support/processes.ts'
import { until } from '../support/wait.ts'

let place: Place
let engine: TestEngine
let undo: Disposer[]
let bystander: { readonly id: string; readonly score: GatedScore }

beforeEach(async () => {
  place = makePlace()
  undo = []
  engine = await startEngine(place)
  bystander = await aBystander()
})
afterEach(async () => {
  for (const job of await engine.jobs.list()) if (job.can.cancel) await engine.jobs.cancel(job.id)
  await until('nothing runs any more', () => processesWithMarker(place.root).length === 0)
  for (const one of undo.reverse()) one()
  await engine.close()
  killAll(processesWithMarker(place.root).map(({ pid }) => pid))
  place.remove()
})

/** Another job, in the middle of its work, in a workspace of its own. */
async function aBystander(): Promise<typeof bystander> {
  const elsewhere: Place = { ...place, inWorkspace: (path) => join(place.root, 'elsewhere', path) }
  const score = gatedScore(elsewhere, 'bystander', 2, { workspace: join(place.root, 'elsewhere') })
  const { id } = await engine.jobs.submit(score.path)
  await until('the bystander runs', () => score.journal().includes('start 1 attempt 1'))
  return { id, score }
}

async function bystanderIsUnharmed(): Promise<void> {
  bystander.score.open(1, 2)
  const job = await engine.reaches(bystander.id, 'completed')
  expect(job.sheets.map(({ attempts }) => attempts)).toEqual([1, 1])
}

/** All of them can be used up in a moment. */
const FEW_DESCRIPTORS = Number(/Max open files\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]) <= 20_000

const RETRY = { max_retries: 3, base_delay_seconds: 0.2, jitter: false }

async function play(prompt: readonly string[], more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const path = place.score({ name: 'job', sheets: 1, instrument: 'cli', prompt, retry: { max_retries: 1 }, ...more })
  return (await engine.jobs.submit(path)).id
}

const errorOf = (job: JobDetail): string => job.sheets.map(({ error }) => error?.message ?? '').join('\n')

describe('a workspace', () => {
  it.runIf(CAN_MOUNT)(
    'whose disk is full fails its sheet in the words of the program; it runs again when there is room',
    async () => {
      const disk = join(place.root, 'disk')
      undo.push(mountSmallDisk(disk, 65_536))
      const id = await play(['head -c 200000 /dev/zero >big'], { workspace: join(disk, 'w') })
      const job = await engine.reaches(id, 'failed')
      const { lines } = await engine.jobs.logWindow(id, 1, 0, 'stderr', 1, 10)
      expect(`${errorOf(job)} ${lines.join()}`).toMatch(/no space left/i)
      undo.pop()?.()
      mkdirSync(join(disk, 'w'), { recursive: true })
      await engine.jobs.resume(id)
      await engine.reaches(id, 'completed')
      await bystanderIsUnharmed()
    },
  )

  it.runIf(CAN_MAKE_READ_ONLY)('that cannot be written is told before anything runs', async () => {
    undo.push(makeReadOnly(place.workspace))
    const submitted = await play(['echo never >ran']).catch((error: Error) => error)
    const told = submitted instanceof Error ? submitted.message : errorOf(await engine.reaches(submitted, 'failed'))
    expect(told).toMatch(/read-only|writ|permission/i)
    expect(existsSync(place.inWorkspace('ran'))).toBe(false)
    await bystanderIsUnharmed()
  })

  it('that is deleted while a sheet runs fails its checks, is made anew, and the sheet is tried again', async () => {
    const id = await play(
      ['if [ -e ../second ]; then echo work >made; else : >../second; until [ -e ../gone ]; do sleep 0.05; done; fi'],
      { validations: [{ type: 'file_exists', path: 'made' }], retry: RETRY },
    )
    await until('it runs', () => existsSync(join(place.root, 'second')))
    rmSync(place.workspace, { recursive: true })
    writeFileSync(join(place.root, 'gone'), '')
    await engine.reaches(id, 'completed')
    expect(existsSync(place.inWorkspace('made'))).toBe(true)
    await bystanderIsUnharmed()
  })
})

describe('an attempt', () => {
  it('whose log is deleted while it writes goes on to its end; its log says nothing, and nothing breaks', async () => {
    const id = await play(['echo first; until [ -e gate ]; do sleep 0.05; done; echo last'])
    const folder = join(place.dataDir, 'attempts', id, '1-1')
    await until('it writes', () => existsSync(join(folder, 'stdout')) && statSync(join(folder, 'stdout')).size > 0)
    rmSync(join(folder, 'stdout'))
    writeFileSync(place.inWorkspace('gate'), '')
    await engine.reaches(id, 'completed')
    expect((await engine.jobs.logWindow(id, 1, 1, 'stdout', 1, 10)).lines).toEqual([])
    await bystanderIsUnharmed()
  })

  it('whose whole folder is deleted still ends: what it left is ended and the sheet is tried again', async () => {
    const id = await play(['[ -e ../second ] || { : >../second; until [ -e ../gone ]; do sleep 0.05; done; }'], { retry: RETRY })
    await until('it runs', () => existsSync(join(place.root, 'second')))
    rmSync(join(place.dataDir, 'attempts', id), { recursive: true })
    writeFileSync(join(place.root, 'gone'), '')
    await engine.reaches(id, 'completed')
    await bystanderIsUnharmed()
  })

  it('of an instrument that is not there any more says which, and what to do', async () => {
    const program = join(place.root, 'agent')
    writeFileSync(program, '#!/bin/sh\ncat >/dev/null\n')
    chmodSync(program, 0o755)
    addInstrument(place, { name: 'ledger', cli: { command: { executable: program } } })
    await engine.close()
    engine = await startEngine(place)
    rmSync(program)
    const id = await play(['work'], { instrument: 'ledger' })
    const job = await engine.reaches(id, 'failed')
    expect(job.sheets[0]?.error).toMatchObject({ code: 'E505', message: expect.stringContaining(program) })
    await bystanderIsUnharmed()
  })

  it('that writes 1 GB keeps its beginning and its end, and says what was left out', { timeout: 180_000 }, async () => {
    engine.jobs.changeSettings({ logLimitMb: 16 })
    const id = await play([
      'echo the beginning',
      'yes 0123456789abcdef0123456789abcdef | head -c 1000000000',
      'echo; echo the end',
    ])
    const done = await until('it is done', async () => (await engine.jobs.status(id)).status === 'completed', 150_000)
    expect(done).toBe(true)
    const size = statSync(join(place.dataDir, 'attempts', id, '1-1', 'stdout')).size
    expect(size).toBeLessThan(24 * 1024 * 1024)
    const first = await engine.jobs.logWindow(id, 1, 1, 'stdout', 1, 2)
    const last = await engine.jobs.logWindow(id, 1, 1, 'stdout', -2, 2)
    expect([first.lines[0], last.lines.at(-1)]).toEqual(['the beginning', 'the end'])
    const marks = await engine.jobs.searchLog(id, 1, 1, 'stdout', {
      ...{ text: '[Fermata left out', regex: false, caseSensitive: true },
      ...{ from: 1, limit: 5 },
    })
    expect(marks.hits.length).toBeGreaterThan(0)
    await bystanderIsUnharmed()
  })
})

describe('a disk that is full of what an agent wrote', () => {
  it.runIf(CAN_MOUNT)(
    'keeps nobody from cancelling it, though that cannot be saved; it is cancelled when there is room',
    async () => {
      const disk = join(place.root, 'disk')
      undo.push(mountSmallDisk(disk, 20_000_000))
      const own = await startEngine({ ...place, dataDir: join(disk, 'data') })
      undo.push(() => void own.close())
      const prompt = ['while :; do cat /dev/zero >>big; sleep 0.1; done 2>/dev/null']
      const path = place.score({ name: 'greedy', sheets: 1, instrument: 'cli', prompt, workspace: join(disk, 'w') })
      const { id } = await own.jobs.submit(path)
      await until('the disk is full', () => statfsSync(disk).bavail === 0)
      await own.jobs.cancel(id)
      await until('it is ended', () => processesWithMarker(disk).length === 0)
      expect((await own.jobs.status(id)).reason).toContain('is the disk full?')
      rmSync(join(disk, 'w', 'big'))
      await own.reaches(id, 'cancelled')
      await bystanderIsUnharmed()
    },
  )
})

describe('a score', () => {
  it('that cannot be read when its job is resumed is refused, and the job stays as it is', async () => {
    const score = gatedScore(place, 'gated', 2)
    const { id } = await engine.jobs.submit(score.path)
    await until('it runs', () => score.journal().includes('start 1 attempt 1'))
    await engine.jobs.pause(id)
    score.open(1, 2)
    await engine.reaches(id, 'paused')
    writeFileSync(score.path, 'name: [')
    await expect(engine.jobs.resume(id)).rejects.toMatchObject({ code: 'SCORE_INVALID' })
    expect((await engine.jobs.status(id)).status).toBe('paused')
    rmSync(score.path)
    mkdirSync(score.path)
    await expect(engine.jobs.resume(id)).rejects.toThrow(score.path)
    await engine.jobs.resume(id, { noReload: true })
    await engine.reaches(id, 'completed')
    await bystanderIsUnharmed()
  })
})

describe('file descriptors', () => {
  it.runIf(FEW_DESCRIPTORS)('that have run out fail an attempt for now: it is tried again when there are some', async () => {
    const score = gatedScore(place, 'gated', 1, { retry: { ...RETRY, max_retries: 20 } })
    score.open(1)
    const taken: number[] = []
    try {
      for (;;) taken.push(openSync('/dev/null', 'r'))
    } catch {
      // All are taken; one is needed to read the score.
      for (const fd of taken.splice(0, 12)) closeSync(fd)
    }
    const { id } = await engine.jobs.submit(score.path)
    for (const fd of taken) closeSync(fd)
    await engine.reaches(id, 'completed')
    await bystanderIsUnharmed()
  })
})

describe('time', () => {
  /** The system's clock, with a wall that the test sets. */
  function adjustable(): { clock: Clock; shift(by: TimeShift): void } {
    let offset = 0
    const listeners = new Set<(shift: TimeShift) => void>()
    const clock: Clock = {
      ...systemClock,
      now: () => systemClock.now() + offset,
      at(at, run) {
        let dispose: Disposer = () => {}
        const arm = () => {
          const left = at - clock.now()
          dispose = systemClock.after(Math.max(0, Math.min(left, 50)), () => (at > clock.now() ? arm() : run()))
        }
        arm()
        return () => dispose()
      },
      onShift(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    }
    return {
      clock,
      shift(by) {
        offset += by.jumpedMs + by.sleptMs
        for (const listener of listeners) listener(by)
      },
    }
  }

  it.each([
    ['a clock that is set a day ahead', { sleptMs: 0, jumpedMs: 86_400_000 }],
    ['a clock that is set a day back', { sleptMs: 0, jumpedMs: -86_400_000 }],
    ['eight hours of sleep', { sleptMs: 8 * 3_600_000, jumpedMs: 0 }],
  ])('with %s: nothing runs out that should not, and a backoff ends as it would have', async (_what, by) => {
    await engine.close()
    const { clock, shift } = adjustable()
    engine = await startEngine(place, { clock })
    const id = await play(['[ -e ../second ] || { : >../second; exit 1; }', 'until [ -e gate ]; do sleep 0.05; done'], {
      retry: { max_retries: 3, base_delay_seconds: 1.5, jitter: false },
      stale_detection: { enabled: true, idle_timeout_seconds: 30, check_interval_seconds: 0.2 },
      job_timeout_seconds: 600,
    })
    const waiting = await engine.reaches(id, 'waiting')
    shift(by)
    expect((await engine.jobs.status(id)).wakeAt).toBe((waiting.wakeAt ?? 0) + by.jumpedMs)
    await until('it runs again', async () => (await engine.jobs.status(id)).running[0]?.phase === 'running')
    shift(by)
    await engine.close()
    // Nobody watches, and nobody is told.
    shift(by)
    engine = await startEngine(place, { clock })
    await until('it is found again', async () => (await engine.jobs.status(id)).running[0]?.phase === 'running')
    shift(by)
    writeFileSync(place.inWorkspace('gate'), '')
    const job = await engine.reaches(id, 'completed')
    expect(job.sheets[0]?.attempts).toBe(2)
    await bystanderIsUnharmed()
  })
})
