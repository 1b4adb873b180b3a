import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dryRunScore } from '../../../main/engine/index.ts'
import { assetsDir, startEngine, type TestEngine } from '../../support/engine.ts'
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

const flaky = (more: object = {}) =>
  place.score({
    name: 'flaky',
    sheets: 1,
    instrument: 'rehearsal',
    prompt: ['Write it.', 'REHEARSAL: DURATION=0.1 STEPS=1 TOKENS=50 FAIL_FIRST=1', 'Save to: a.md'],
    retry: { base_delay_seconds: 0, max_delay_seconds: 0 },
    ...more,
  })

describe('how sheets went', () => {
  it('is learned from every attempt: it is told before the next run, named in its prompt where the score wants that, and deleted', async () => {
    const path = flaky({ learning: { past_failures: true } })
    expect((await engine.jobs.dryRun(path)).forecast).toMatchObject({ basis: null, remainingMs: null })
    const { id } = await engine.jobs.submit(path)
    await engine.reaches(id, 'completed')
    const prompt = (attempt: number) => readFileSync(join(place.dataDir, 'attempts', id, `1-${attempt}`, 'prompt'), 'utf8')
    expect(prompt(1)).not.toContain('Past failures')
    expect(prompt(2)).toMatch(/## Past failures\n\n.*\n- \S/)

    expect(engine.jobs.learning.insights()).toMatchObject({
      outcomes: 2,
      sheets: [{ score: 'flaky', sheet: 'movement 1', instrument: 'rehearsal', runs: 2, successRate: 0.5, firstTryRate: 0 }],
    })
    const { forecast } = await engine.jobs.dryRun(path)
    expect(forecast).toMatchObject({ basis: 'this score', runs: 2 })
    expect(forecast.remainingMs?.mid).toBeGreaterThan(50)
    expect(forecast.costUsd?.high).toBeGreaterThan(0)
    // The command line asks without an engine of its own, also while this one runs.
    const beside = await dryRunScore(path, { assetsDir, dataDir: place.dataDir })
    expect(beside.forecast).toEqual(forecast)

    expect(engine.jobs.learning.forget('flaky')).toBe(2)
    expect((await engine.jobs.dryRun(path)).forecast.basis).toBeNull()
    expect(engine.problems).toEqual([])
  })

  it('is not kept when its user does not want that', async () => {
    engine.jobs.changeSettings({ learning: false })
    const { id } = await engine.jobs.submit(flaky())
    await engine.reaches(id, 'completed')
    expect(engine.jobs.learning.insights().outcomes).toBe(0)
  })

  it('says of a running sheet how long it usually takes, and of its job what is still to come', async () => {
    const score = gatedScore(place, 'gated', 1)
    score.open(1)
    for (let run = 0; run < 2; run += 1) await engine.reaches((await engine.jobs.submit(score.path)).id, 'completed')
    rmSync(place.inWorkspace('gate-1'))
    const { id } = await engine.jobs.submit(score.path)
    const [attempt] = await until('the sheet runs', async () => {
      const { running } = await engine.jobs.status(id)
      return running.some(({ phase }) => phase === 'running') && running
    })
    expect(attempt?.usualMs).toBeGreaterThan(0)
    expect(await engine.jobs.forecast(id)).toMatchObject({ basis: 'this score', runs: 2, tokens: null })
    score.open(1)
    expect((await engine.reaches(id, 'completed')).forecast).toBeNull()
  })
})
