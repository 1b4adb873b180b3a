import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEngine, type TestEngine } from '../../support/engine.ts'
import { makePlace, type Place } from '../../support/place.ts'
import { isAlive, killAll, processesWithMarker } from '../../support/processes.ts'
import { until } from '../../support/wait.ts'

let place: Place
let engine: TestEngine | null
let host: ChildProcess | null

beforeEach(() => {
  place = makePlace()
  engine = null
  host = null
})
afterEach(async () => {
  host?.kill('SIGKILL')
  await engine?.close()
  killAll(processesWithMarker(place.root).map(({ pid }) => pid))
  place.remove()
})

const command = (line: string, keys: object = {}) => ({ type: 'run_command', command: line, ...keys })
const PUSH = command("echo $$ >>pids; trap '' HUP; until [ -e go ]; do sleep 0.05; done; echo pushed >>log")
const THEN = command('echo then >>log')

const lines = (file: string) =>
  existsSync(place.inWorkspace(file)) ? readFileSync(place.inWorkspace(file), 'utf8').trim().split('\n') : []
const pids = () => lines('pids').map(Number)
const go = () => writeFileSync(place.inWorkspace('go'), '')
const score = (...on_success: readonly object[]) =>
  place.score({ name: 'release', sheets: 1, instrument: 'cli', prompt: ['true'], on_success })

/** An engine in a process of its own is killed while the hook runs; gives the job's id. */
async function killedAmid(path: string): Promise<string> {
  host = spawn(process.execPath, [join(import.meta.dirname, '../../support/engine-host.ts'), place.dataDir, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (!host.stdout) throw new Error('no output to read')
  const [id] = (await once(createInterface(host.stdout), 'line')) as [string]
  await until('the hook runs', () => pids().length === 1)
  const gone = once(host, 'exit')
  host.kill('SIGKILL')
  await gone
  return id
}

describe('a hook that runs when the program is killed', () => {
  it('runs on, is adopted, and the next one follows its end', async () => {
    const id = await killedAmid(score(PUSH, THEN))
    engine = await startEngine(place)
    expect((await engine.jobs.status(id)).status).toBe('running')
    expect(pids().map(isAlive)).toEqual([true])
    go()
    await engine.reaches(id, 'completed')
    expect([lines('log'), pids().length]).toEqual([['pushed', 'then'], 1])
  })

  it('and ends before the next start counts as if watched', async () => {
    const id = await killedAmid(score(PUSH, THEN))
    go()
    await until('it ended', () => processesWithMarker(place.root).length === 0)
    engine = await startEngine(place)
    await engine.reaches(id, 'completed')
    expect([lines('log'), pids().length]).toEqual([['pushed', 'then'], 1])
  })

  it('leaves what failed before it failed, and not done again', async () => {
    const id = await killedAmid(score(command('echo tried >>log; exit 3', { description: 'the first' }), PUSH))
    engine = await startEngine(place)
    go()
    const job = await engine.reaches(id, 'failed')
    expect(job.reason).toContain('"the first" failed: It ended with status 3.')
    expect([lines('log'), pids().length]).toEqual([['tried', 'pushed'], 1])
  })

  it('is stopped by a cancel after the next start, also behind one that failed', async () => {
    const id = await killedAmid(score(command('false'), PUSH))
    engine = await startEngine(place)
    await engine.jobs.cancel(id)
    await engine.reaches(id, 'cancelled')
    expect(processesWithMarker(place.root)).toEqual([])
    expect(lines('log')).toEqual([])
  })
})

describe('a hook that runs when the program is closed', () => {
  it('is let go of, and adopted at the next start', async () => {
    engine = await startEngine(place)
    const { id } = await engine.jobs.submit(score(PUSH, THEN))
    await until('the hook runs', () => pids().length === 1)
    await engine.close()
    expect(pids().map(isAlive)).toEqual([true])
    expect(engine.problems).toEqual([])

    engine = await startEngine(place)
    go()
    await engine.reaches(id, 'completed')
    expect([lines('log'), pids().length]).toEqual([['pushed', 'then'], 1])
  })
})

describe('a hook', () => {
  it('is stopped when its user cancels the job', async () => {
    engine = await startEngine(place)
    const { id } = await engine.jobs.submit(score(PUSH))
    await until('the hook runs', () => pids().length === 1)
    await engine.jobs.cancel(id)
    await engine.reaches(id, 'cancelled')
    expect(processesWithMarker(place.root)).toEqual([])
  })

  it('that failed is done anew when its job is resumed, also after a restart', async () => {
    engine = await startEngine(place)
    const { id } = await engine.jobs.submit(score(command('echo tried >>log; [ -e go ]')))
    await engine.reaches(id, 'failed')
    await engine.jobs.resume(id)
    await until('it was tried again', () => lines('log').length === 2)
    await engine.reaches(id, 'failed')
    await engine.close()

    engine = await startEngine(place)
    go()
    await engine.jobs.resume(id)
    await engine.reaches(id, 'completed')
    expect(lines('log')).toEqual(['tried', 'tried', 'tried'])
  })
})
