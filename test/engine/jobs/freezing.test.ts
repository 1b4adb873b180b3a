import { readFileSync, statSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEngine, type TestEngine } from '../../support/engine.ts'
import { gatedScore, makePlace, type Place } from '../../support/place.ts'
import { processesWithMarker } from '../../support/processes.ts'
import { until } from '../../support/wait.ts'

let place: Place
let engine: TestEngine

beforeEach(async () => {
  place = makePlace()
  engine = await startEngine(place)
})
afterEach(async () => {
  for (const job of await engine.jobs.list()) if (job.can.cancel) await engine.jobs.cancel(job.id)
  await until('nothing runs any more', () => processesWithMarker(place.root).length === 0)
  await engine.close()
  place.remove()
})

/** The letters of all processes of the place: T is stopped. */
const letters = (): string =>
  processesWithMarker(place.root)
    .map(({ pid }) =>
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .charAt(0),
    )
    .join('')

/** Stopped, or waiting in the kernel for a child that is: a shell that was just starting its `sleep`. */
const STANDS_STILL = /^[TD]+$/

/** A job that writes a dot every 50 ms for ever, from a grandchild. */
const dots = (more: Readonly<Record<string, unknown>> = {}): string =>
  place.score({
    name: 'dots',
    sheets: 1,
    instrument: 'cli',
    prompt: ["sh -c 'while :; do printf . >>dots; echo tick; sleep 0.05; done'"],
    ...more,
  })

async function running(more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { id } = await engine.jobs.submit(dots(more))
  await until('it writes', () => statSync(place.inWorkspace('dots')).size > 2)
  await engine.reaches(id, 'running')
  return id
}
const attemptOf = async (id: string) => (await engine.jobs.status(id)).running[0]
const isFrozen = (id: string) => until('it stands still', async () => (await attemptOf(id))?.phase === 'frozen')

describe('freezing a job', () => {
  it('stops its whole group within moments, says so, and goes on where it was when it thaws', async () => {
    const id = await running()
    expect(await engine.jobs.freeze(id)).toMatchObject({
      status: 'paused',
      frozen: { by: 'user', thawing: false },
      can: { thaw: true },
    })
    await isFrozen(id)
    expect(letters()).toMatch(STANDS_STILL)
    const size = statSync(place.inWorkspace('dots')).size
    expect((await engine.jobs.freeze(id)).status, 'frozen twice').toBe('paused')
    expect(statSync(place.inWorkspace('dots')).size).toBe(size)
    expect((await engine.jobs.thaw(id)).status).toBe('running')
    await until('it writes again', () => statSync(place.inWorkspace('dots')).size > size)
    expect((await engine.jobs.thaw(id)).status, 'thawed twice').toBe('running')
  })

  it('lets its timeout and its watch for silence stand still', async () => {
    const id = await running({
      instrument_config: { timeout_seconds: 2 },
      stale_detection: { enabled: true, idle_timeout_seconds: 1, check_interval_seconds: 0.2 },
    })
    await engine.jobs.freeze(id)
    await isFrozen(id)
    const until3s = performance.now() + 3000
    await until('longer than both has passed', () => performance.now() > until3s)
    expect(await attemptOf(id)).toMatchObject({ phase: 'frozen', silentSince: null, staleAt: null })
    const thawedAt = Date.now()
    await engine.jobs.thaw(id)
    await until('it goes on, as silent as if nothing had been', async () => {
      const attempt = await attemptOf(id)
      return attempt && attempt.silentSince !== null && attempt.silentSince >= thawedAt
    })
    const failed = await until('its time is up', async () => {
      const job = await engine.jobs.status(id)
      return job.sheets[0]?.error && job
    })
    expect(failed.sheets[0]?.error?.code).toBe('E001')
  })

  it('is still so for the next Fermata, which thaws it', async () => {
    const id = await running()
    await engine.jobs.freeze(id)
    await isFrozen(id)
    await engine.close()
    engine = await startEngine(place)
    await isFrozen(id)
    expect(await engine.jobs.status(id)).toMatchObject({ status: 'paused', frozen: { by: 'user' } })
    expect(letters()).toMatch(STANDS_STILL)
    await engine.jobs.resume(id)
    await until('it runs again', () => /^[^T]+$/.test(letters()))
  })

  it('keeps the score its running sheet is played by when it is resumed, though the file has changed', async () => {
    const id = await running()
    await engine.jobs.freeze(id)
    await isFrozen(id)
    dots({ sheet: { total_items: 5 } })
    await engine.jobs.resume(id)
    expect((await engine.reaches(id, 'running')).totalSheets).toBe(1)
  })

  it('can be cancelled: nothing of it is left', async () => {
    const id = await running()
    await engine.jobs.freeze(id)
    await isFrozen(id)
    await engine.jobs.cancel(id)
    await engine.reaches(id, 'cancelled')
    expect(processesWithMarker(place.root)).toEqual([])
  })

  it('ends as a paused job when its process is killed from outside meanwhile', async () => {
    const id = await running({ retry: { max_retries: 1 } })
    await engine.jobs.freeze(id)
    await isFrozen(id)
    for (const { pid } of processesWithMarker(place.root)) process.kill(pid, 'SIGKILL')
    const job = await until('nothing of it runs', async () => {
      const now = await engine.jobs.status(id)
      return now.running.length === 0 && now
    })
    expect(job.frozen).toBeNull()
    expect(job.sheets[0]?.error?.message ?? '').toContain('killed from outside')
  })

  it('is told of processes that somebody else stopped', async () => {
    const id = await running()
    const leave = engine.jobs.observe()
    for (const { pid } of processesWithMarker(place.root)) process.kill(pid, 'SIGSTOP')
    await isFrozen(id)
    expect((await engine.jobs.status(id)).status).toBe('running')
    for (const { pid } of processesWithMarker(place.root)) process.kill(pid, 'SIGCONT')
    await until('it is seen to run', async () => (await attemptOf(id))?.phase === 'running')
    leave()
  })
})

describe('single sheets', () => {
  it('can be run again while they run: the attempt is ended and none of its tries is used', async () => {
    const score = gatedScore(place, 'gated', 2)
    const { id } = await engine.jobs.submit(score.path)
    await until('sheet 1 runs', () => score.journal().includes('start 1 attempt 1'))
    await engine.jobs.retrySheet(id, 1)
    await engine.jobs.retrySheet(id, 1)
    await until('it runs again', () => score.journal().includes('start 1 attempt 2'))
    score.open(1, 2)
    const job = await engine.reaches(id, 'completed')
    expect(job.sheets[0]).toMatchObject({ attempts: 2, failures: 0 })
    expect(score.journal()).not.toContain('end 1 attempt 1')
  })

  it('can be left out while they run, and come back while the job lives', async () => {
    const score = gatedScore(place, 'gated', 3)
    const { id } = await engine.jobs.submit(score.path)
    await until('sheet 1 runs', () => score.journal().includes('start 1 attempt 1'))
    await engine.jobs.skipSheet(id, 1)
    await until('sheet 2 runs', () => score.journal().includes('start 2 attempt 1'))
    expect((await engine.jobs.status(id)).sheets[0]).toMatchObject({ status: 'skipped', reason: 'Left out by you' })
    expect((await engine.jobs.skipSheet(id, 1)).sheetStatuses[0], 'left out twice').toBe('skipped')
    await engine.jobs.retrySheet(id, 1)
    score.open(1, 2, 3)
    const job = await engine.reaches(id, 'completed')
    expect(job.sheets.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed'])
  })

  it('can be left out of a failed job, which then goes on', async () => {
    const path = place.score({
      name: 'broken',
      sheets: 3,
      instrument: 'cli',
      prompt: ['[ {{ sheet_num }} != 2 ]'],
      retry: { max_retries: 1 },
    })
    const { id } = await engine.jobs.submit(path)
    await engine.reaches(id, 'failed')
    await engine.jobs.skipSheet(id, 2)
    const job = await engine.reaches(id, 'completed')
    expect(job.sheets.map(({ status }) => status)).toEqual(['completed', 'skipped', 'completed'])
  })
})

describe('a computer without memory', () => {
  it('starts nothing new and says why; when there is some again the job starts by itself', async () => {
    let free = 3
    await engine.close()
    engine = await startEngine(place, { freeMemoryPercent: () => free })
    const score = gatedScore(place, 'gated', 1)
    score.open(1)
    const { id } = await engine.jobs.submit(score.path)
    const job = await engine.jobs.status(id)
    expect([job.status, job.reason]).toEqual(['queued', 'Not running: the computer is short of memory (3 % free)'])
    free = 60
    await engine.reaches(id, 'completed')
  })

  it('freezes the youngest job where its user wants that, and thaws it later', async () => {
    let free = 60
    await engine.close()
    engine = await startEngine(place, { freeMemoryPercent: () => free })
    engine.jobs.changeSettings({ freezeUnderPressure: true })
    const id = await running()
    free = 1
    await isFrozen(id)
    expect((await engine.jobs.status(id)).reason).toContain('short of memory')
    free = 60
    await engine.reaches(id, 'running')
  })
})

describe('a job that may run for two seconds', () => {
  it('is ended when they are over, and says so', async () => {
    const id = await running({ job_timeout_seconds: 2 })
    const job = await engine.reaches(id, 'failed')
    expect(job.reason).toMatch(/^Ran longer than its .* and was ended during sheet 1/)
    expect(processesWithMarker(place.root)).toEqual([])
  })
})
