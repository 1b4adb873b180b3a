import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EventPayload } from '../../../preload/contract.ts'
import { jobNews, jobSummary } from '../../../test/support/job-summary.ts'
import type { EngineEvent, JobSummary } from '../../engine/index.ts'
import { createJobFeed, type JobFeed } from './job-feed.ts'

describe('the feed of changes', () => {
  let jobs: JobSummary[]
  let batches: EventPayload<'jobs.changed'>[]
  let listening: boolean
  let emit: (event: EngineEvent) => void
  let feed: JobFeed

  beforeEach(() => {
    vi.useFakeTimers()
    jobs = [jobSummary(), jobSummary({ id: 'job-2' })]
    batches = []
    listening = true
    const listeners = new Set<(event: EngineEvent) => void>()
    emit = (event) => {
      for (const listener of listeners) listener(event)
    }
    feed = createJobFeed({
      events: {
        on(listener) {
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
      },
      list: async () => jobs,
      publish(batch) {
        if (listening) batches.push(batch)
        return listening
      },
    })
  })
  afterEach(() => vi.useRealTimers())

  const change = (jobId = 'job-1') => emit({ type: 'changed', jobId, version: 1 })
  const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms)

  it('tells only of the jobs that changed', async () => {
    change('job-2')
    await wait(0)
    expect(batches).toEqual([{ sequence: 1, jobs: [jobSummary({ id: 'job-2' })], removed: [] }])
  })

  it('tells at most ten times a second, the last change included', async () => {
    for (let ms = 0; ms < 1000; ms += 5) {
      change()
      await wait(5)
    }
    jobs = [jobSummary({ version: 99 })]
    change()
    await wait(100)
    expect(batches.length).toBeGreaterThanOrEqual(9)
    expect(batches.length).toBeLessThanOrEqual(12)
    expect(batches.at(-1)?.jobs[0]?.version).toBe(99)
  })

  it('numbers its batches without a gap, and the snapshot continues the count', async () => {
    for (let i = 0; i < 3; i++) {
      change()
      await wait(100)
    }
    expect(batches.map(({ sequence }) => sequence)).toEqual([1, 2, 3])
    expect(await feed.snapshot()).toEqual({ sequence: 3, jobs })
  })

  it('uses no number while no window listens', async () => {
    listening = false
    change()
    await wait(100)
    listening = true
    emit(jobNews('paused'))
    await wait(100)
    expect(batches.map(({ sequence }) => sequence)).toEqual([1])
  })

  it('names the jobs that are gone', async () => {
    jobs = []
    change()
    await wait(0)
    expect(batches).toEqual([{ sequence: 1, jobs: [], removed: ['job-1'] }])
  })

  it('is silent after it was disposed of', async () => {
    change()
    feed.dispose()
    change()
    await wait(1000)
    expect(batches).toEqual([])
  })
})
