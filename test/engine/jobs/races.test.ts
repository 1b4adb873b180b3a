import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { startEngine, type TestEngine } from '../../support/engine.ts'
import { gatedScore, makePlace, type Place } from '../../support/place.ts'
import { killAll, processesWithMarker } from '../../support/processes.ts'
import { until } from '../../support/wait.ts'

let place: Place
let engine: TestEngine

beforeEach(async () => {
  place = makePlace()
  engine = await startEngine(place)
})
afterEach(async () => {
  await engine.close()
  killAll(processesWithMarker(place.root).map(({ pid }) => pid))
  place.remove()
})

const running = () => processesWithMarker(place.root)
const lines = (file: string) =>
  existsSync(place.inWorkspace(file)) ? readFileSync(place.inWorkspace(file), 'utf8').trim().split('\n') : []

describe('two commands at the same time', () => {
  it('resume a job once, even where one is slow to read its changed score: no sheet runs twice', async () => {
    const score = gatedScore(place, 'twice', 1)
    const { id } = await engine.jobs.submit(score.path, { hold: true })
    // Reading a pipe waits for who writes it.
    const template_file = join(place.root, 'template')
    execFileSync('mkfifo', [template_file])
    const before = parse(readFileSync(score.path, 'utf8'))
    const slow = join(place.root, 'slow.yaml')
    writeFileSync(slow, stringify({ ...before, description: 'changed', prompt: { template_file } }))
    const overtaken = engine.jobs.resume(id, { scorePath: slow })
    await engine.jobs.resume(id)
    await until('it runs', () => score.journal().length > 0)
    const refused = expect(overtaken).rejects.toThrow('meanwhile: it is running now')
    await writeFile(template_file, before.prompt.template)
    await refused
    score.open(1)
    await engine.reaches(id, 'completed')
    expect(score.journal()).toEqual(['start 1 attempt 1', 'end 1 attempt 1'])
    expect(running()).toEqual([])
  })

  it('resume and cancel a job: the cancel holds', async () => {
    const score = gatedScore(place, 'undecided', 1)
    const { id } = await engine.jobs.submit(score.path, { hold: true })
    const resumed = engine.jobs.resume(id)
    await engine.jobs.cancel(id)
    await expect(resumed).rejects.toThrow('it is cancelled now')
    expect((await engine.jobs.status(id)).status).toBe('cancelled')
  })

  it('submit a score once', async () => {
    const score = gatedScore(place, 'twin', 1)
    const answers = await Promise.allSettled([engine.jobs.submit(score.path), engine.jobs.submit(score.path)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('two jobs of one score in one workspace', () => {
  it('are not both run again, though both are asked for at once', async () => {
    const path = place.score({ name: 'twin', sheets: 1, instrument: 'cli', prompt: ['test -e go'], retry: { max_retries: 1 } })
    const ids: string[] = []
    for (let job = 0; job < 2; job++) {
      const { id } = await engine.jobs.submit(path)
      await engine.reaches(id, 'failed')
      ids.push(id)
    }
    writeFileSync(place.inWorkspace('go'), '')
    const answers = await Promise.allSettled(ids.map((id) => engine.jobs.retrySheet(id, 1)))
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(answers[1]).toMatchObject({ reason: { code: 'JOB_ACTIVE' } })
    const skips = await Promise.allSettled(ids.map((id) => engine.jobs.skipSheet(id, 1)))
    expect(skips.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0)
  })
})

describe('hooks', () => {
  const waits = 'echo begun >> hooks; until [ -e go ]; do sleep 0.05; done'

  it('go on where they were after a restart: they lead to no second job', async () => {
    const next = place.score({ name: 'next', sheets: 1, instrument: 'cli', prompt: ['echo x >> next'] })
    const on_success = [
      { type: 'run_job', job_path: next },
      { type: 'run_command', command: `trap '' TERM; ${waits}` },
    ]
    const path = place.score({ name: 'first', sheets: 1, instrument: 'cli', prompt: ['true'], on_success })
    const { id } = await engine.jobs.submit(path)
    await until('the second hook runs and the next job is done', () => lines('hooks').length === 1 && lines('next').length === 1)
    await engine.close()

    engine = await startEngine(place)
    writeFileSync(place.inWorkspace('go'), '')
    await engine.reaches(id, 'completed')
    expect((await engine.jobs.list()).map(({ name }) => name)).toEqual(['next', 'first'])
    expect(lines('next')).toEqual(['x'])
    expect(lines('hooks')).toEqual(['begun'])
  })
})

describe('a look at a sheet before it starts', () => {
  const score = (before = '', after = 'sleep 30') => {
    const rule = { 1: { command: `${before}echo looked >> looks; ${after}`, timeout_seconds: 60 } }
    return place.score({ name: 'looked-at', sheets: 1, instrument: 'cli', prompt: ['true'], sheet: { skip_when_command: rule } })
  }

  it('is told of from the first moment, and ended before its job counts as cancelled', async () => {
    const { id, reason } = await engine.jobs.submit(score('trap "" TERM; '))
    expect(reason).toBe('Looking whether the next sheet is to be played')
    await until('it is looked at', () => lines('looks').length === 1)
    expect(await engine.jobs.cancel(id)).toMatchObject({ status: 'running', cancelling: true })
    const { sheets } = await engine.reaches(id, 'cancelled')
    expect(running()).toEqual([])
    expect(sheets).toMatchObject([{ status: 'cancelled', attempts: 0 }])
  })

  it('is ended when its job is paused, with what it left running, and made anew when that goes on', async () => {
    const { id } = await engine.jobs.submit(score('', '[ -e go ] && { sleep 300 & exit 1; }; sleep 30'))
    await until('it is looked at', () => lines('looks').length === 1)
    expect((await engine.jobs.pause(id)).status).toBe('pausing')
    await engine.reaches(id, 'paused')
    expect(running()).toEqual([])
    writeFileSync(place.inWorkspace('go'), '')
    await engine.jobs.resume(id)
    await engine.reaches(id, 'completed')
    expect(lines('looks').length).toBe(2)
    expect(running()).toEqual([])
  })

  it('has ended when the engine is closed, and nothing is said about it', async () => {
    await engine.jobs.submit(score())
    await until('it is looked at', () => lines('looks').length === 1)
    await engine.close()
    expect(running()).toEqual([])
    expect(engine.problems).toEqual([])
  })
})
