import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEngine, type TestEngine } from '../../support/engine.ts'
import { type GatedScore, gatedScore, makePlace, type Place } from '../../support/place.ts'
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

/** An engine in a process of its own runs the score; gives the job's id. */
async function startHost(score: Pick<GatedScore, 'path'>): Promise<string> {
  host = spawn(process.execPath, [join(import.meta.dirname, '../../support/engine-host.ts'), place.dataDir, score.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (!host.stdout) throw new Error('no output to read')
  const [id] = (await once(createInterface(host.stdout), 'line')) as [string]
  return id
}

async function killHost(): Promise<void> {
  if (!host) throw new Error('no engine runs')
  const exit = once(host, 'exit')
  host.kill('SIGKILL')
  await exit
}

describe('kill -9 of the program while sheet 2 of 3 runs (case 19)', () => {
  it('leaves the agent running; the next start adopts it and goes on, and nothing runs twice', async () => {
    const score = gatedScore(place, 'survivor', 3)
    score.open(1)
    const id = await startHost(score)
    await until('sheet 2 runs', () => score.journal().includes('start 2 attempt 1'))
    await killHost()
    const [before] = processesWithMarker(place.root).filter(({ parent }) => parent === 1)

    engine = await startEngine(place)
    const adopted = await engine.reaches(id, 'running')
    await until('it is known to live', async () => (await engine?.jobs.status(id))?.running[0]?.phase === 'running')
    expect((await engine.jobs.status(id)).running).toMatchObject([{ sheet: 2, number: 1, pid: before?.pid, phase: 'running' }])
    expect(adopted.sheets[0]).toMatchObject({ status: 'completed', attempts: 1 })

    await until('its signs of life are seen', async () => (await engine?.jobs.status(id))?.running[0]?.lastOutputAt)

    score.open(2, 3)
    await engine.reaches(id, 'completed')
    expect(score.journal()).toEqual([1, 2, 3].flatMap((n) => [`start ${n} attempt 1`, `end ${n} attempt 1`]))
  })

  it('and an agent that ends meanwhile: its exit status and its work count as if watched', async () => {
    const score = gatedScore(place, 'ended', 3)
    score.open(1)
    const id = await startHost(score)
    await until('sheet 2 runs', () => score.journal().includes('start 2 attempt 1'))
    await killHost()
    score.open(2, 3)
    await until('the agent ended', () => processesWithMarker(place.root).length === 0)

    engine = await startEngine(place)
    const job = await engine.reaches(id, 'completed')
    expect(job.sheets.map(({ attempts }) => attempts)).toEqual([1, 1, 1])
  })

  it('and of the agent too: that sheet runs again by itself and no other, and no try is counted', async () => {
    const score = gatedScore(place, 'lost', 3)
    score.open(1)
    const id = await startHost(score)
    await until('sheet 2 runs', () => score.journal().includes('start 2 attempt 1'))
    await killHost()
    killAll(processesWithMarker(place.root).map(({ pid }) => pid))
    score.open(2, 3)
    engine = await startEngine(place)
    const job = await engine.reaches(id, 'completed')
    expect(job.sheets.map(({ attempts, failures }) => [attempts, failures])).toEqual([
      [1, 0],
      [2, 0],
      [1, 0],
    ])
    expect(engine.told).toContainEqual(expect.objectContaining({ type: 'sheet', sheet: 2, news: 'lost' }))
  })

  it('and of the agent too, where its user wants to be asked: the job is interrupted, and resume runs that sheet again', async () => {
    mkdirSync(place.dataDir)
    writeFileSync(join(place.dataDir, 'settings.json'), JSON.stringify({ onReturn: 'ask' }))
    const score = gatedScore(place, 'lost', 3)
    score.open(1)
    const id = await startHost(score)
    await until('sheet 2 runs', () => score.journal().includes('start 2 attempt 1'))
    await killHost()
    killAll(processesWithMarker(place.root).map(({ pid }) => pid))
    score.open(2, 3)

    engine = await startEngine(place)
    const job = await engine.reaches(id, 'interrupted')
    expect(job.sheets[1]).toMatchObject({ status: 'pending', failures: 0 })
    expect(job.reason).toMatch(/^Stopped after sheet 1/)
    await engine.jobs.resume(id)
    await engine.reaches(id, 'completed')
    expect(score.journal().filter((line) => line.startsWith('start'))).toEqual([
      'start 1 attempt 1',
      'start 2 attempt 1',
      'start 2 attempt 2',
      'start 3 attempt 1',
    ])
  })

  it('and a check that runs: it is ended before it is made anew', async () => {
    const path = place.score({
      name: 'checked',
      sheets: 1,
      instrument: 'cli',
      prompt: ['true'],
      validations: [
        { type: 'command_succeeds', command: 'echo $$ >>checks; until [ -e gate ]; do sleep 0.05; done', retry_count: 0 },
      ],
    })
    const checks = () => (existsSync(place.inWorkspace('checks')) ? readFileSync(place.inWorkspace('checks'), 'utf8') : '')
    const pids = () => checks().trim().split('\n').filter(Boolean).map(Number)
    const id = await startHost({ path })
    await until('the check runs', () => pids().length === 1)
    await killHost()

    engine = await startEngine(place)
    await until('the check runs anew', () => pids().length === 2)
    expect(pids().map(isAlive)).toEqual([false, true])
    writeFileSync(place.inWorkspace('gate'), '')
    await engine.reaches(id, 'completed')
  })

  const command = 'echo $$ >>pids; until [ -e gate ]; do sleep 0.05; done'
  it('and a skip rule that runs: it is ended before it is made anew', async () => {
    const sheet = { skip_when_command: { 1: { command, timeout_seconds: 60 } } }
    const path = place.score({ name: 'doubled', sheets: 1, instrument: 'cli', prompt: ['true'], sheet })
    const file = place.inWorkspace('pids')
    const pids = () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [])
    const id = await startHost({ path })
    await until('it runs', () => pids().length === 1)
    await killHost()

    engine = await startEngine(place)
    await until('it runs anew', () => pids().length === 2)
    expect(pids().map(isAlive)).toEqual([false, true])
    writeFileSync(place.inWorkspace('gate'), '')
    await engine.reaches(id, 'completed')
  })

  it('and a skip rule that runs, where its user wants to be asked: nothing of it goes on meanwhile', async () => {
    mkdirSync(place.dataDir, { recursive: true })
    writeFileSync(join(place.dataDir, 'settings.json'), JSON.stringify({ onReturn: 'ask' }))
    const sheet = { skip_when_command: { 1: { command, timeout_seconds: 60 } } }
    const path = place.score({ name: 'looked-at', sheets: 1, instrument: 'cli', prompt: ['true'], sheet })
    const id = await startHost({ path })
    await until('it runs', () => existsSync(place.inWorkspace('pids')))
    await killHost()

    engine = await startEngine(place)
    await engine.reaches(id, 'interrupted')
    expect(processesWithMarker(place.root)).toEqual([])
  })

  it('does not undo a pause: the sheet ends, and the job stays paused', async () => {
    const score = gatedScore(place, 'held', 2)
    engine = await startEngine(place)
    const { id } = await engine.jobs.submit(score.path)
    await until('sheet 1 runs', () => score.journal().includes('start 1 attempt 1'))
    await engine.jobs.pause(id)
    await engine.close()
    score.open(1, 2)

    engine = await startEngine(place)
    await engine.reaches(id, 'paused')
    expect(score.journal()).not.toContain('start 2 attempt 1')
  })

  it('does not undo a cancel: what still runs is ended', async () => {
    const score = gatedScore(place, 'ending', 2)
    engine = await startEngine(place)
    const { id } = await engine.jobs.submit(score.path)
    await until('sheet 1 runs', () => score.journal().includes('start 1 attempt 1'))
    await engine.jobs.cancel(id)
    await engine.close()

    engine = await startEngine(place)
    await engine.reaches(id, 'cancelled')
    await until('nothing is left', () => processesWithMarker(place.root).length === 0)
  })
})

describe('waiting', () => {
  it('for a backoff goes on after a restart', async () => {
    engine = await startEngine(place)
    const score = place.score({
      name: 'backoff',
      sheets: 1,
      instrument: 'rehearsal',
      prompt: ['Try.', 'REHEARSAL: DURATION=0 FAIL_FIRST=1'],
      retry: { base_delay_seconds: 1, jitter: false },
    })
    const { id } = await engine.jobs.submit(score)
    await engine.reaches(id, 'waiting')
    await engine.close()
    engine = await startEngine(place)
    await engine.reaches(id, 'completed')
  })
})
