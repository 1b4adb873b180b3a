import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EngineOptions, JobSummary } from '../../../main/engine/index.ts'
import { startEngine, type TestEngine } from '../../support/engine.ts'
import { makePlace, type Place } from '../../support/place.ts'
import { processesWithMarker } from '../../support/processes.ts'
import { addSpender } from '../../support/spender.ts'
import { until } from '../../support/wait.ts'

let place: Place
let engine: TestEngine

beforeEach(async () => {
  place = makePlace()
  addSpender(place)
  engine = await startEngine(place)
})
afterEach(async () => {
  for (const job of await engine.jobs.list()) if (job.can.cancel) await engine.jobs.cancel(job.id)
  await until('nothing runs any more', () => processesWithMarker(place.root).length === 0)
  await engine.close()
  place.remove()
})

const go = (name: string) => writeFileSync(place.inWorkspace(name), '')

async function submit(script: readonly string[], budgets: object = {}, sheets = 1): Promise<string> {
  const path = place.score({ name: 'spend', sheets, instrument: 'spender', prompt: script, budgets })
  return (await engine.jobs.submit(path)).id
}

async function restart(options: Partial<EngineOptions> = {}): Promise<void> {
  await engine.close()
  engine = await startEngine(place, options)
}

const becomes = (id: string, what: string, is: (job: JobSummary) => boolean) =>
  until(what, async () => {
    const job = await engine.jobs.status(id)
    if (!is(job)) throw new Error(`${job.status}, ${job.reason}, ${JSON.stringify(job.usage)}`)
    return job
  })
const frozen = (id: string) => becomes(id, 'it is frozen', (job) => job.running[0]?.phase === 'frozen')

describe('what a running sheet uses', () => {
  it('is seen while it runs, as live figures with their price, and is its own word in the end', async () => {
    const id = await submit(['spend 30', 'spend 20', 'await go', 'finish 80'])
    const live = await becomes(id, '50 tokens are seen', ({ usage }) => usage.outputTokens === 50)
    expect(live.running[0]).toMatchObject({ metering: 'live', usage: { outputTokens: 50, costUsd: 0.5 } })
    expect(live.usage.confidence).toBe('reported')
    go('go')
    const { usage } = await engine.reaches(id, 'completed')
    expect(usage).toMatchObject({ outputTokens: 80, costUsd: 0.8 })
    expect(usage.confidence ?? 'exact').toBe('exact')
    const report = await engine.jobs.usageReport('2000-01-01')
    expect(report.rows).toMatchObject([
      { instrument: 'spender', model: 'spender-1', jobName: 'spend', usage: { outputTokens: 80 } },
    ])
  })

  it('counts though its sheet was cancelled in the middle', async () => {
    const id = await submit(['spend 30', 'await go'])
    await becomes(id, '30 tokens are seen', ({ usage }) => usage.outputTokens === 30)
    await engine.jobs.cancel(id)
    expect((await engine.reaches(id, 'cancelled')).usage.outputTokens).toBe(30)
  })
})

describe('a budget', () => {
  it('freezes the job while it runs; it goes on when the budget is raised, and not before', async () => {
    const id = await submit(['spend 60', 'await more', 'spend 60', 'await go', 'finish 120'], {
      job: { tokens: 100, action: 'freeze' },
    })
    go('more')
    const held = await frozen(id)
    expect(held).toMatchObject({ status: 'paused', frozen: { by: 'budget' }, needsYou: true })
    expect(held.reason).toMatch(/^Frozen at .*: it used 120 of 100 tokens\. Raise the budget to go on$/)
    expect(held.budgets).toMatchObject([{ scope: 'job', tokens: { used: 120, limit: 100 }, state: 'over' }])
    for (const command of ['resume', 'thaw'] as const)
      await expect(engine.jobs[command](id)).rejects.toThrow('The budget is used up: it used 120 of 100 tokens.')
    await engine.jobs.setBudget(id, 'job', { tokens: 500, usd: null })
    go('go')
    expect((await engine.reaches(id, 'completed')).usage.outputTokens).toBe(120)
  })

  it('acts on what an adopted attempt used while Fermata was away', async () => {
    const id = await submit(['spend 60', 'await more', 'spend 60', ': >spent', 'await go'], {
      sheet: { usd: 1, action: 'cancel' },
    })
    await becomes(id, '60 tokens are seen', ({ usage }) => usage.outputTokens === 60)
    await engine.close()
    go('more')
    engine = await startEngine(place)
    const over = await engine.reaches(id, 'failed')
    expect(over.reason).toContain('Ended: sheet 1 used $1.32 of $1.00')
    expect(over.usage.outputTokens).toBe(120)
  })

  it('lets the sheet finish where it pauses, and says so again to who resumes without raising it', async () => {
    const id = await submit(['spend 120', 'await go', 'finish 120'], { job: { tokens: 100 } }, 2)
    await engine.reaches(id, 'pausing')
    go('go')
    const held = await engine.reaches(id, 'paused')
    expect(held.reason).toBe('Paused after sheet 1: it used 120 of 100 tokens. Raise the budget to go on')
    await restart()
    await expect(engine.jobs.resume(id)).rejects.toThrow('The budget is used up')
    await engine.jobs.setBudget(id, 'job', { tokens: null, usd: null })
    await engine.reaches(id, 'completed')
  })

  it('holds at once when it is lowered below what was used, also on who thaws then', async () => {
    const id = await submit(['spend 60', 'await go', 'finish 60'], { job: { tokens: 1000, action: 'freeze' } })
    await becomes(id, '60 tokens are seen', ({ usage }) => usage.outputTokens === 60)
    for (const tokens of [0, -5, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      await expect(engine.jobs.setBudget(id, 'job', { tokens, usd: null })).rejects.toMatchObject({ code: 'BUDGET_INVALID' })
    await engine.jobs.freeze(id)
    await frozen(id)
    await engine.jobs.setBudget(id, 'job', { tokens: 50, usd: null })
    await expect(engine.jobs.thaw(id)).rejects.toThrow('it used 60 of 50 tokens')
    await engine.jobs.setBudget(id, 'job', { tokens: 100, usd: null })
    await engine.jobs.thaw(id)
    await engine.jobs.setBudget(id, 'job', { tokens: 50, usd: null })
    expect((await engine.jobs.status(id)).frozen?.by).toBe('budget')
    await engine.jobs.setBudget(id, 'job', { tokens: null, usd: null })
    go('go')
    await engine.reaches(id, 'completed')
  })

  it('acts soon though much was printed since the last figure', async () => {
    const much = "head -c 30000000 /dev/zero | tr '\\0' x | fold -w 1000; echo"
    const id = await submit(['spend 60', 'await go', much, 'spend 60', 'await end'], { job: { tokens: 100, action: 'freeze' } })
    await becomes(id, '60 tokens are seen', ({ usage }) => usage.outputTokens === 60)
    go('go')
    expect((await frozen(id)).usage.outputTokens).toBe(120)
  })

  it('counts as used up when the figures stop coming right, unless its user accepts that', async () => {
    const id = await submit(['spend 10', 'garble 2; garble 3; garble 4', 'await go', 'finish 10'], {
      job: { tokens: 100, action: 'freeze' },
    })
    const held = await frozen(id)
    expect(held.running[0]?.metering).toBe('silent')
    expect(held.reason).toContain('nobody can tell any more what sheet 1 uses')
    await engine.jobs.thaw(id)
    go('go')
    await engine.reaches(id, 'completed')
  })
})

describe('the budget of a day', () => {
  it('lets nothing new start once it is used up, over all jobs, until it is raised', async () => {
    engine.jobs.changeSettings({ dayTokens: 100 })
    const first = await submit(['finish 120'])
    await engine.reaches(first, 'completed')
    const path = place.score({ name: 'other', sheets: 1, instrument: 'spender', prompt: ['finish 5'] })
    const { id } = await engine.jobs.submit(path)
    const waits = await becomes(id, 'it waits', ({ reason }) => reason.includes("today's budget"))
    expect(waits.reason).toBe(
      "Not running: today's budget is used up (120 of 100 tokens); goes on at 00:00, or when the budget is raised",
    )
    await restart()
    await becomes(id, 'it still waits', ({ reason }) => reason.includes("today's budget"))
    engine.jobs.changeSettings({ dayTokens: 500 })
    await engine.reaches(id, 'completed')
  })

  it('freezes what runs, and lets it go on when it is raised', async () => {
    engine.jobs.changeSettings({ dayUsd: 1, dayAction: 'freeze' })
    const id = await submit(['spend 120', 'await go', 'finish 120'])
    const held = await frozen(id)
    expect(held.frozen?.by).toBe('day')
    await expect(engine.jobs.thaw(id)).rejects.toThrow("Today's budget is used up: $1.32 of $1.00.")
    engine.jobs.changeSettings({ dayUsd: 0 })
    go('go')
    await engine.reaches(id, 'completed')
  })
})
