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

  it('lets neither a command nor what comes of it wait, even right after a sign of life', async () => {
    await wait(10_000)
    for (const version of [2, 3, 4]) {
      jobs = [jobSummary({ version })]
      change()
      // No time passes for it, not even a millisecond.
      await wait(0)
      expect(batches.at(-1)?.jobs[0]?.version).toBe(version)
    }
  })

  it('makes up for haste: what changes next waits for its interval', async () => {
    for (let batch = 0; batch < 3; batch += 1) {
      change()
      await wait(0)
    }
    change()
    await wait(99)
    expect(batches).toHaveLength(3)
    await wait(1)
    expect(batches).toHaveLength(4)
  })

  it('tells at most ten times a second, the last change included', async () => {
    for (let ms = 0; ms < 5000; ms += 5) {
      change()
      await wait(5)
    }
    jobs = [jobSummary({ version: 99 })]
    change()
    await wait(100)
    expect(batches.length).toBeGreaterThanOrEqual(48)
    // The first, ten for each second that follows, and the two that may come early.
    expect(batches.length).toBeLessThanOrEqual(1 + 51 + 2)
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
