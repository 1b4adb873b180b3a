import { existsSync, writeFileSync } from 'node:fs'
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

/** A job whose first sheet runs and waits at its gate. */
async function runningJob(sheets = 3) {
  const score = gatedScore(place, 'gated', sheets)
  const { id } = await engine.jobs.submit(score.path)
  await until('sheet 1 runs', () => score.journal().includes('start 1 attempt 1'))
  await engine.reaches(id, 'running')
  return { id, score }
}

describe('pause', () => {
  it('lets the sheet in flight finish, starts no more, and resume goes on with the next', async () => {
    const { id, score } = await runningJob()
    expect((await engine.jobs.pause(id)).status).toBe('pausing')
    score.open(1, 2, 3)
    const paused = await engine.reaches(id, 'paused')
    expect(paused.sheets.map(({ status }) => status)).toEqual(['completed', 'pending', 'pending'])
    expect(paused.reason).toBe('Paused by you after sheet 1')
    await engine.jobs.resume(id)
    await engine.reaches(id, 'completed')
    expect(score.journal().filter((line) => line.startsWith('start'))).toEqual([
      'start 1 attempt 1',
      'start 2 attempt 1',
      'start 3 attempt 1',
    ])
  })

  it('asked for twice is harmless; of a job that is over it is refused, naming the status', async () => {
    const { id, score } = await runningJob()
    await engine.jobs.pause(id)
    expect((await engine.jobs.pause(id)).status).toBe('pausing')
    score.open(1)
    await engine.reaches(id, 'paused')
    expect((await engine.jobs.pause(id)).status).toBe('paused')
    await engine.jobs.cancel(id)
    await expect(engine.jobs.pause(id)).rejects.toMatchObject({
      code: 'ILLEGAL_IN_STATUS',
      message: expect.stringContaining('cancelled'),
    })
    await expect(engine.jobs.pause('nobody')).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' })
  })

  it('can be asked for by a file in the workspace, which is gone afterwards', async () => {
    const { id, score } = await runningJob()
    const file = place.inWorkspace(`.fermata-pause-${id}`)
    writeFileSync(file, '')
    score.open(1)
    const paused = await engine.reaches(id, 'paused')
    expect(paused.reason).toBe('Paused by its pause file after sheet 1')
    expect(existsSync(file)).toBe(false)
    score.open(2, 3)
    await engine.jobs.resume(id)
    await engine.reaches(id, 'completed')
  })

  it('file that is stale does not stop a job from going on', async () => {
    const { id, score } = await runningJob(2)
    await engine.jobs.pause(id)
    score.open(1, 2)
    await engine.reaches(id, 'paused')
    writeFileSync(place.inWorkspace(`.fermata-pause-${id}`), '')
    await engine.jobs.resume(id)
    await engine.reaches(id, 'completed')
  })
})

describe('cancel', () => {
  it('ends an agent that ignores SIGTERM together with its grandchild, and says so only when they are gone', async () => {
    const score = place.score({
      name: 'stubborn',
      sheets: 2,
      instrument: 'rehearsal',
      prompt: ['Hang.', 'REHEARSAL: HANG IGNORE_TERM SPAWN_CHILD'],
    })
    const { id } = await engine.jobs.submit(score)
    await until('agent and grandchild run', () => processesWithMarker(place.root).length >= 3)
    const answer = await engine.jobs.cancel(id)
    expect(answer).toMatchObject({ status: 'running', cancelling: true, can: { pause: false, resume: false, cancel: false } })
    const job = await engine.reaches(id, 'cancelled')
    expect(processesWithMarker(place.root)).toEqual([])
    expect(job.sheets.map(({ status }) => status)).toEqual(['cancelled', 'cancelled'])
    expect(job.reason).toBe('Cancelled by you during sheet 1')
  })

  it('ends what sheets that are done left running; what a check leaves is ended with the check', async () => {
    const prompt = ['{% if sheet_num == 1 %}sleep 301 & {% else %}until [ -e gate ]; do sleep 0.05; done{% endif %}']
    const validations = [{ type: 'command_succeeds', command: 'sleep 302 >/dev/null 2>&1 &' }]
    const path = place.score({ name: 'server', sheets: 2, instrument: 'cli', prompt, validations })
    const { id } = await engine.jobs.submit(path)
    await until('sheet 2 runs', async () => (await engine.jobs.status(id)).running[0]?.sheet === 2)
    const left = () => processesWithMarker(place.root).filter(({ command }) => command.startsWith('sleep 30'))
    expect(left().map(({ command }) => command)).toEqual(['sleep 301'])
    await engine.jobs.cancel(id)
    await engine.reaches(id, 'cancelled')
    await until('nothing of it is left', () => processesWithMarker(place.root).length === 0)
  })

  it('asked for twice is harmless, and a completed job refuses it', async () => {
    const { id } = await runningJob()
    await engine.jobs.cancel(id)
    await engine.jobs.cancel(id)
    await engine.reaches(id, 'cancelled')
    expect((await engine.jobs.cancel(id)).status).toBe('cancelled')
    const path = place.score({ name: 'short', sheets: 1, instrument: 'cli', prompt: ['true'], workspace: place.inWorkspace('w') })
    const short = await engine.jobs.submit(path)
    await engine.reaches(short.id, 'completed')
    await expect(engine.jobs.cancel(short.id)).rejects.toMatchObject({ code: 'ILLEGAL_IN_STATUS' })
  })

  it('reaches an attempt whose process is only just being started', async () => {
    const score = gatedScore(place, 'early', 1)
    const { id } = await engine.jobs.submit(score.path)
    await engine.jobs.cancel(id)
    await engine.reaches(id, 'cancelled')
    expect(processesWithMarker(place.root)).toEqual([])
  })

  it('can be thought better of: resume plays the rest', async () => {
    const { id, score } = await runningJob(2)
    await engine.jobs.cancel(id)
    await engine.reaches(id, 'cancelled')
    score.open(1, 2)
    await engine.jobs.resume(id)
    const job = await engine.reaches(id, 'completed')
    expect(job.sheets[0]?.attempts).toBe(2)
  })

  it('harms no other job', async () => {
    const { id, score } = await runningJob(1)
    const other = await engine.jobs.submit(
      place.score({ name: 'other', sheets: 1, instrument: 'rehearsal', prompt: ['Hang.', 'REHEARSAL: HANG'] }),
    )
    await until('the other runs', () => processesWithMarker(place.root).some(({ marker }) => marker.startsWith('other-')))
    await engine.jobs.cancel(other.id)
    await engine.reaches(other.id, 'cancelled')
    score.open(1)
    await engine.reaches(id, 'completed')
  })
})
