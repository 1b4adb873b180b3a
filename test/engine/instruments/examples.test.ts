import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEngine, type TestEngine } from '../../support/engine.ts'
import { makePlace, type Place } from '../../support/place.ts'
import { until } from '../../support/wait.ts'

const examples = join(import.meta.dirname, '../../../examples')

let place: Place
let engine: TestEngine
beforeEach(async () => {
  place = makePlace()
  engine = await startEngine(place)
})
afterEach(async () => {
  await engine.close()
  place.remove()
})

describe('the example scores', () => {
  it.each([
    ['hello', 'completed', ['page-1.md', 'page-2.md', 'page-3.md', 'page-4.md'], [1, 1, 1, 1]],
    ['checks', 'completed', ['reports'], [1, 1]],
    ['flaky', 'completed', ['result-1.md', 'result-2.md'], [2, 2]],
    ['doomed', 'failed', [], [2, 0]],
    ['voices', 'completed', ['plan.md', 'song.md', 'verse-1.md', 'verse-2.md', 'verse-3.md'], [1, 1, 1, 1, 1]],
    ['graph', 'completed', ['code.md', 'design.md', 'docs.md', 'release.md', 'tests.md'], [1, 1, 1, 1, 0, 1]],
    ['mended', 'completed', ['report-1.md', 'report-2.md'], [2, 2]],
    ['fallback', 'completed', ['out-1.md', 'out-2.md'], [2, 1]],
    ['encore', 'completed', ['encore.md'], [1]],
  ] as const)('%s ends as %s', async (name, status, files, attempts) => {
    const { id } = await engine.jobs.submit(join(examples, `${name}.yaml`), { workspace: place.workspace })
    const ended = async () => ['completed', 'failed'].includes((await engine.jobs.status(id)).status)
    await until(`${name} ends`, ended, 50_000)
    const job = await engine.jobs.status(id)
    expect(job.status).toBe(status)
    expect((await readdir(place.workspace)).sort()).toEqual(files)
    expect(job.sheets.map((sheet) => sheet.attempts)).toEqual(attempts)
  })

  it('concert hands over to encore in the same workspace', async () => {
    await engine.jobs.submit(join(examples, 'concert.yaml'), { workspace: place.workspace })
    await until('both are played', async () => {
      const jobs = await engine.jobs.list()
      return jobs.length === 2 && jobs.every(({ status }) => status === 'completed')
    })
    expect((await readdir(place.workspace)).sort()).toEqual(['encore.md', 'overture.md', 'programme.md'])
  })

  it('decision waits for a person before its second sheet', async () => {
    const { id } = await engine.jobs.submit(join(examples, 'decision.yaml'), { workspace: place.workspace })
    expect((await engine.reaches(id, 'waiting')).reason).toBe('Sheet 2 waits for your decision: Shall it be released?')
    await engine.jobs.decide(id, 2, 'retry')
    await engine.reaches(id, 'completed')
    expect((await readdir(place.workspace)).sort()).toEqual(['build.md', 'release.md'])
  })

  it('budget is held by its budget, and goes on when that is raised', async () => {
    const { id } = await engine.jobs.submit(join(examples, 'budget.yaml'), { workspace: place.workspace })
    const held = await engine.reaches(id, 'paused')
    expect(held.completedSheets).toBe(3)
    expect(held.reason).toMatch(/^Paused after sheet 3: it used 9\d,\d{3} of 70,000 tokens/)
    await engine.jobs.setBudget(id, 'job', { tokens: 200_000, usd: null })
    await engine.reaches(id, 'completed')
  })

  it('leave nothing in doubt', async () => {
    for (const name of await readdir(examples)) {
      if (!name.endsWith('.yaml')) continue
      const { diagnostics } = await engine.jobs.dryRun(join(examples, name))
      expect(diagnostics.filter(({ severity }) => severity !== 'info').map(({ message }) => `${name}: ${message}`)).toEqual([])
    }
  })

  it('are all tried here', async () => {
    const scores = (await readdir(examples)).filter((file) => file.endsWith('.yaml'))
    expect(scores.sort()).toEqual([
      'budget.yaml',
      'checks.yaml',
      'concert.yaml',
      'decision.yaml',
      'doomed.yaml',
      'encore.yaml',
      'fallback.yaml',
      'flaky.yaml',
      'graph.yaml',
      'hello.yaml',
      'mended.yaml',
      'voices.yaml',
    ])
  })
})
