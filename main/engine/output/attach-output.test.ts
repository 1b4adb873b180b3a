import { describe, expect, it } from 'vitest'
import type { EngineEvent, OutputProtocol } from '../ports.ts'
import type { JobDetail, SheetView } from '../views.ts'
import { attachOutput, etaSeconds } from './attach-output.ts'

const noUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: null }

function sheetOf(number: number, change: Partial<SheetView> = {}): SheetView {
  return {
    number,
    status: 'pending',
    startItem: number,
    endItem: number,
    movement: number,
    movementName: null,
    voice: 1,
    voices: 1,
    description: null,
    dependsOn: [],
    instrument: 'rehearsal',
    switches: [],
    reason: null,
    attempts: 0,
    failures: 0,
    wakeAt: null,
    error: null,
    validation: null,
    usage: noUsage,
    startedAt: null,
    completedAt: null,
    can: { retry: false, skip: true },
    ...change,
  }
}

function jobOf(sheets: readonly SheetView[], change: Partial<JobDetail> = {}): JobDetail {
  return {
    id: 'hello-1',
    name: 'hello',
    description: null,
    status: 'running',
    frozen: null,
    survivors: [],
    cancelling: false,
    reason: '',
    instrument: 'rehearsal',
    scorePath: '/scores/hello.yaml',
    followsJob: null,
    workspace: '/scores/workspace',
    createdAt: 0,
    startedAt: 0,
    completedAt: null,
    wakeAt: null,
    limitWait: null,
    sheetStatuses: sheets.map(({ status }) => status),
    completedSheets: sheets.filter(({ status }) => status === 'completed').length,
    totalSheets: sheets.length,
    usage: noUsage,
    budgets: [],
    forecast: null,
    running: [],
    needsYou: false,
    can: { pause: true, resume: false, cancel: true, freeze: true, thaw: false },
    version: 1,
    sheets,
    notes: [],
    ...change,
  }
}

/** An engine that plays what the test tells it, and the words its output heard. */
function stage(jobId: Promise<string> = Promise.resolve('hello-1')) {
  const listeners = new Set<(event: EngineEvent) => void>()
  const heard: unknown[][] = []
  const problems: unknown[] = []
  let job = jobOf([sheetOf(1), sheetOf(2)])
  const output: OutputProtocol = {
    log: () => {},
    progress: (...args) => void heard.push(['progress', ...args.slice(1)]),
    sheetEvent: (_id, sheet, event, data) => void heard.push([`sheet ${sheet}`, event, data]),
    jobEvent(_id, event, data) {
      if (event === 'failed') throw new Error('the output broke')
      heard.push(['job', event, data])
    },
  }
  let lookups = 0
  const source = {
    events: {
      on(listener: (event: EngineEvent) => void) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    jobs: {
      status: async () => {
        lookups++
        return job
      },
    },
  }
  const attached = attachOutput(source, output, jobId, (error) => problems.push(error))
  return {
    heard,
    problems,
    listeners,
    attached,
    lookups: () => lookups,
    emit(event: EngineEvent, now: JobDetail = job) {
      job = now
      for (const listener of listeners) listener(event)
    },
  }
}

const job = (news: Extract<EngineEvent, { type: 'job' }>['news'], jobId = 'hello-1'): EngineEvent => ({
  type: 'job',
  jobId,
  news,
  at: 9000,
  reason: 'because',
})
const sheet = (news: Extract<EngineEvent, { type: 'sheet' }>['news'], attempt = 1): EngineEvent => ({
  type: 'sheet',
  jobId: 'hello-1',
  sheet: 1,
  attempt,
  news,
  at: 9000,
  reason: news === 'retrying' ? 'story.md is missing' : '',
})

describe('an output attached to an engine', () => {
  it('hears of a finished sheet: its checks, its result, the cost, the progress', async () => {
    const { emit, heard, attached } = stage()
    const usage = { ...noUsage, inputTokens: 100, outputTokens: 20, costUsd: 0.5 }
    const done = sheetOf(1, {
      status: 'completed',
      startedAt: 1000,
      completedAt: 5000,
      usage,
      validation: { passed: 2, total: 2, failures: [], skipped: 0 },
    })
    emit(sheet('completed'), jobOf([done, sheetOf(2)], { usage }))
    await attached.detach()
    const cost = { input_tokens: 100, output_tokens: 20, cache_read_tokens: 0, cache_write_tokens: 0, total_cost: 0.5 }
    expect(heard).toEqual([
      ['sheet 1', 'validation_passed', { attempt: 1, passed_count: 2, failed_count: 0, pass_rate: 100, failures: [] }],
      ['sheet 1', 'completed', { attempt: 1, total_sheets: 2, duration_seconds: 4, ...cost }],
      ['job', 'cost_update', cost],
      ['progress', 1, 2, 4],
    ])
  })

  it('hears why a sheet is tried again, and when', async () => {
    const { emit, heard, attached } = stage()
    const waiting = sheetOf(1, {
      status: 'retry_scheduled',
      startedAt: 1000,
      wakeAt: 19_000,
      error: { code: 'E202', message: 'story.md is missing' },
      validation: { passed: 1, total: 2, failures: ['story.md does not exist'], skipped: 0 },
    })
    emit(sheet('retrying'), jobOf([waiting, sheetOf(2)]))
    emit(sheet('started', 2))
    await attached.detach()
    expect(heard.slice(0, 2)).toMatchObject([
      ['sheet 1', 'validation_failed', { passed_count: 1, failed_count: 1, failures: ['story.md does not exist'] }],
      ['sheet 1', 'retrying', { reason: 'story.md is missing', error_code: 'E202', wait_seconds: 10 }],
    ])
    expect(heard.at(-1)).toMatchObject(['sheet 1', 'started', { attempt: 2, execution_mode: 'retry' }])
  })

  it.each([
    ['started', 'started'],
    ['resumed', 'resuming'],
    ['paused', 'paused'],
    ['completed', 'completed'],
  ] as const)('hears that a job %s in the words of Marianne: %s', async (news, word) => {
    const { emit, heard, attached } = stage()
    emit(job(news))
    await attached.detach()
    expect(heard[0]).toMatchObject(['job', word, { name: 'hello', reason: 'because', total_sheets: 2, duration_seconds: 9 }])
  })

  it('hears what happened before the id of its job was known, and nothing of other jobs', async () => {
    let resolve: (jobId: string) => void = () => {}
    const { emit, heard, attached } = stage(
      new Promise((known) => {
        resolve = known
      }),
    )
    emit(job('started', 'other-1'))
    emit(job('started'))
    expect(heard).toEqual([])
    resolve('hello-1')
    await attached.detach()
    expect(heard.filter(([kind]) => kind === 'job')).toHaveLength(1)
  })

  it('hears nothing when there will be no job', async () => {
    const { emit, heard, attached, problems } = stage(Promise.reject(new Error('refused')))
    emit(job('started'))
    await attached.detach()
    expect([heard, problems]).toEqual([[], []])
  })

  it('may break without missing what follows', async () => {
    const { emit, heard, attached, problems } = stage()
    emit(job('failed'))
    emit(job('resumed'))
    await attached.detach()
    expect(problems).toEqual([new Error('the output broke')])
    expect(heard[0]?.slice(0, 2)).toEqual(['job', 'resuming'])
  })

  it('looks a job up once for many changes at a time, and says nothing when nothing it tells of changed', async () => {
    const { emit, heard, attached, lookups, listeners } = stage()
    for (let version = 0; version < 100; version++) emit({ type: 'changed', jobId: 'hello-1', version })
    await attached.detach()
    expect(lookups()).toBe(1)
    expect(heard).toEqual([['progress', 0, 2, null]])
    expect(listeners.size).toBe(0)
  })
})

describe('the estimate of what is left', () => {
  it('is the mean duration of a sheet for each that remains', () => {
    const done = (number: number, completedAt: number) => sheetOf(number, { status: 'completed', startedAt: 0, completedAt })
    expect(etaSeconds(jobOf([sheetOf(1)]))).toBeNull()
    expect(etaSeconds(jobOf([done(1, 2000), done(2, 4000), sheetOf(3), sheetOf(4)]))).toBe(6)
    expect(etaSeconds(jobOf([done(1, 2000)]))).toBe(0)
    const remainingMs = { low: 1000, mid: 9000, high: 20_000 }
    const forecast = { remainingMs, tokens: null, costUsd: null, basis: 'this score', runs: 3 } as const
    expect(etaSeconds(jobOf([done(1, 2000), sheetOf(2)], { forecast }))).toBe(9)
  })
})
