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
  ] as const)('%s ends as %s', async (name, status, files, attempts) => {
    const { id } = await engine.jobs.submit(join(examples, `${name}.yaml`), { workspace: place.workspace })
    const ended = async () => ['completed', 'failed'].includes((await engine.jobs.status(id)).status)
    await until(`${name} ends`, ended, 50_000)
    const job = await engine.jobs.status(id)
    expect(job.status).toBe(status)
    expect((await readdir(place.workspace)).sort()).toEqual(files)
    expect(job.sheets.map((sheet) => sheet.attempts)).toEqual(attempts)
  })

  it('are all tried here', async () => {
    const scores = (await readdir(examples)).filter((file) => file.endsWith('.yaml'))
    expect(scores.sort()).toEqual(['checks.yaml', 'doomed.yaml', 'flaky.yaml', 'hello.yaml'])
  })
})
