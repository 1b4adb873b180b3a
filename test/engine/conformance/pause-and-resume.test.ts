import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEngine, type TestEngine } from '../../support/engine.ts'
import { gatedScore, makePlace, type Place } from '../../support/place.ts'
import { killAll, processesWithMarker } from '../../support/processes.ts'
import { until } from '../../support/wait.ts'

/** Cases 1–8 of Marianne's list of what an independent implementation should pass (§11). */

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

const played = (name: string) =>
  existsSync(place.inWorkspace(name)) ? readFileSync(place.inWorkspace(name), 'utf8').trim().split('\n') : []

/** Notes each sheet it plays, and fails sheet 2 for as long as there is no `mended`. */
const stumbling = (more: Record<string, unknown> = {}) =>
  place.score({
    name: 'stumbling',
    sheets: 3,
    instrument: 'cli',
    prompt: ['echo {{ sheet_num }} >>played', '[ {{ sheet_num }} -ne 2 ] || [ -e mended ]'],
    retry: { max_retries: 1 },
    ...more,
  })

const mend = () => writeFileSync(place.inWorkspace('mended'), '')

async function failedJob(more: Record<string, unknown> = {}): Promise<string> {
  const { id } = await engine.jobs.submit(stumbling(more))
  await engine.reaches(id, 'failed')
  return id
}

describe('case 1: pause', () => {
  it('is refused in every status that is over, naming it; a second one is harmless', async () => {
    const score = gatedScore(place, 'gated', 2)
    const { id } = await engine.jobs.submit(score.path)
    await until('sheet 1 runs', () => score.journal().length > 0)
    expect((await engine.jobs.pause(id)).status).toBe('pausing')
    expect((await engine.jobs.pause(id)).status).toBe('pausing')
    score.open(1)
    await engine.reaches(id, 'paused')
    expect((await engine.jobs.pause(id)).status).toBe('paused')
    score.open(2)
    await engine.jobs.resume(id)
    await engine.reaches(id, 'completed')
    await expect(engine.jobs.pause(id)).rejects.toThrow(/completed/)
    await expect(engine.jobs.pause(await failedJob())).rejects.toThrow(/failed/)
  })
})

describe('case 2: pause during a retry loop', () => {
  it('takes effect before the next attempt', async () => {
    const { id } = await engine.jobs.submit(
      place.score({
        name: 'looping',
        sheets: 1,
        instrument: 'rehearsal',
        prompt: ['Try.', 'REHEARSAL: DURATION=0.1 STEPS=1 FAIL_FIRST=99'],
        retry: { max_retries: 99, base_delay_seconds: 0.2, jitter: false },
      }),
    )
    await until('it was tried twice', async () => ((await engine.jobs.status(id)).sheets[0]?.attempts ?? 0) >= 2)
    await engine.jobs.pause(id)
    const { sheets } = await engine.reaches(id, 'paused')
    expect(sheets[0]?.status).not.toBe('failed')
  })
})

describe('case 3: a stale pause file', () => {
  it('of a crashed run does not pause the next one', async () => {
    const id = await failedJob()
    writeFileSync(place.inWorkspace(`.fermata-pause-${id}`), '')
    mend()
    await engine.jobs.resume(id)
    await engine.reaches(id, 'completed')
  })
})

describe('case 4: resume', () => {
  it('of a completed job is refused; a failed one goes on at its first unfinished sheet and repeats none', async () => {
    const id = await failedJob()
    mend()
    await engine.jobs.resume(id)
    await engine.reaches(id, 'completed')
    expect(played('played')).toEqual(['1', '2', '2', '3'])
    await expect(engine.jobs.resume(id)).rejects.toThrow(/completed/)
  })
})

describe('case 5: resume by another Fermata', () => {
  it('leaves exactly one job', async () => {
    const id = await failedJob()
    await engine.close()
    engine = await startEngine(place)
    mend()
    await engine.jobs.resume(id)
    await engine.reaches(id, 'completed')
    expect((await engine.jobs.list()).map((job) => job.id)).toEqual([id])
  })
})

describe('case 6: the score of a resumed job', () => {
  it('is the named file, before its own file, before what was kept of it', async () => {
    const id = await failedJob()
    const other = place.score({ name: 'other', sheets: 3, instrument: 'cli', prompt: ['echo other {{ sheet_num }} >>played'] })
    await engine.jobs.resume(id, { scorePath: other })
    await engine.reaches(id, 'completed')
    expect(played('played')).toEqual(['1', '2', 'other 2', 'other 3'])
  })

  it('is its own file when that has changed', async () => {
    const id = await failedJob()
    place.score({ name: 'stumbling', sheets: 3, instrument: 'cli', prompt: ['echo changed {{ sheet_num }} >>played'] })
    await engine.jobs.resume(id)
    await engine.reaches(id, 'completed')
    expect(played('played')).toEqual(['1', '2', 'changed 2', 'changed 3'])
  })

  it('that is broken refuses the resume; one that is gone, or is not to be read, leaves what was kept', async () => {
    const id = await failedJob()
    const path = (await engine.jobs.status(id)).scorePath
    writeFileSync(path, 'name: [')
    await expect(engine.jobs.resume(id)).rejects.toMatchObject({ code: 'SCORE_INVALID' })
    mend()
    await engine.jobs.resume(id, { noReload: true })
    await engine.reaches(id, 'completed')

    const gone = await failedJobAnew()
    rmSync(path)
    mend()
    await engine.jobs.resume(gone)
    await engine.reaches(gone, 'completed')

    async function failedJobAnew(): Promise<string> {
      rmSync(place.inWorkspace('mended'))
      return failedJob()
    }
  })

  it('with another number of sheets is refused with the reason', async () => {
    const id = await failedJob()
    place.score({ name: 'stumbling', sheets: 5, instrument: 'cli', prompt: ['true'] })
    await expect(engine.jobs.resume(id)).rejects.toMatchObject({
      code: 'SHEETS_CHANGED',
      message: 'The score has 5 sheets now, this job was begun with 3: what is done could not be told from what is not.',
    })
  })
})

describe('a score whose layout has changed', () => {
  it('is refused when what has begun would be another part of it', async () => {
    const voices = (fan_out: Record<string, number>) => stumbling({ sheets: 1, sheet: { total_items: 3, fan_out } })
    const { id } = await engine.jobs.submit(voices({ 2: 3 }))
    await engine.reaches(id, 'failed')
    voices({ 3: 3 })
    await expect(engine.jobs.resume(id)).rejects.toMatchObject({
      code: 'SHEETS_CHANGED',
      message: expect.stringContaining('Sheet 2 has begun'),
    })
  })
})

describe('what changed in a score', () => {
  it('takes hooks for done that were done, wherever they stand now, and does the new ones', async () => {
    const hooks = (...commands: string[]) => commands.map((command) => ({ type: 'run_command', command, on_failure: 'abort' }))
    const score = (...commands: string[]) =>
      place.score({ name: 'hooked', sheets: 1, instrument: 'cli', prompt: ['true'], on_success: hooks(...commands) })
    const { id } = await engine.jobs.submit(score('echo one >>played', 'exit 3'))
    await engine.reaches(id, 'failed')
    score('echo zero >>played', 'echo one >>played', 'echo two >>played')
    await engine.jobs.resume(id)
    await engine.reaches(id, 'completed')
    expect(played('played')).toEqual(['one', 'zero', 'two'])
  })

  it('makes ready sheets wait for what they depend on now', async () => {
    const score = (dependencies: Record<string, number[]>) =>
      place.score({
        name: 'later',
        sheets: 2,
        instrument: 'cli',
        sheet: { dependencies: { 1: [], ...dependencies } },
        parallel: { enabled: true, fail_fast: false },
        prompt: ['echo {{ sheet_num }} >>played', '[ {{ sheet_num }} -ne 1 ] || [ -e mended ]'],
        retry: { base_delay_seconds: 60, jitter: false },
        checkpoints: { enabled: true, triggers: [{ name: 'ask', sheet_nums: [2] }] },
      })
    const { id } = await engine.jobs.submit(score({}))
    await until('1 failed, 2 is held', async () => {
      const { sheets } = await engine.jobs.status(id)
      return sheets[0]?.status === 'retry_scheduled' && sheets[1]?.status === 'fermata'
    })
    score({ 2: [1] })
    mend()
    await engine.jobs.resume(id)
    await engine.jobs.decide(id, 2, 'retry')
    await engine.reaches(id, 'completed')
    expect(played('played')).toEqual(['1', '1', '2'])
  })
})

describe('case 7: changed limits', () => {
  const costly = (limit: number, name = 'costly') =>
    place.score({
      name: 'costly',
      sheets: 3,
      instrument: 'rehearsal',
      prompt: ['Spend.', 'REHEARSAL: DURATION=0 STEPS=1 TOKENS=1000000'],
      cost_limits: { max_cost_per_job: limit },
      description: name,
    })

  it('of cost let the job go on where it has not used them up, and all that it spent counts', async () => {
    const { id } = await engine.jobs.submit(costly(20))
    const paused = await engine.reaches(id, 'paused')
    expect(paused.reason).toMatch(/it used \$30\.\d\d of \$20\.00/)
    for (const limit of [20, 25]) {
      costly(limit, 'another description')
      await expect(engine.jobs.resume(id)).rejects.toMatchObject({ code: 'BUDGET_SPENT' })
    }
    expect((await engine.jobs.status(id)).completedSheets).toBe(2)
    costly(50)
    await engine.jobs.resume(id)
    await engine.reaches(id, 'completed')
  })
})

describe('case 8: a listener that throws', () => {
  it('never keeps a state from being saved', async () => {
    engine.events.on(() => {
      throw new Error('a broken listener')
    })
    const { id } = await engine.jobs.submit(place.score({ name: 'heard', sheets: 2, instrument: 'cli', prompt: ['true'] }))
    await engine.reaches(id, 'completed')
    expect(engine.problems).toContain('A listener failed.')
    await engine.close()
    engine = await startEngine(place)
    expect((await engine.jobs.status(id)).status).toBe('completed')
  })
})
