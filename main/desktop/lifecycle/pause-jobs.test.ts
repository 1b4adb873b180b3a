import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { frozenJob, jobSummary, pausedJob } from '../../../test/support/job-summary.ts'
import type { EngineEvent, JobSummary } from '../../engine/index.ts'
import { pauseJobsAndWait } from './pause-jobs.ts'

const pausing = (id: string) => jobSummary({ id, status: 'pausing', can: { ...jobSummary().can, pause: false } })

/** An engine of two commands: what is paused pauses when its sheet is done. */
function aStage(...initial: readonly JobSummary[]) {
  const jobs = new Map(initial.map((job) => [job.id, job]))
  let tell: (event: EngineEvent) => void = () => {}
  const set = (job: JobSummary) => {
    jobs.set(job.id, job)
    tell({ type: 'changed', jobId: job.id, version: job.version })
  }
  const counts: number[] = []
  const onDone = vi.fn()
  const engine = {
    jobs: {
      list: async () => [...jobs.values()],
      pause: async (id: string) => {
        set(pausing(id))
        return pausing(id)
      },
    },
    events: {
      on(listener: (event: EngineEvent) => void) {
        tell = listener
        return () => {
          tell = () => {}
        }
      },
    },
  }
  const end = pauseJobsAndWait({
    // What else an engine can do is not asked of it.
    engine: engine as unknown as Parameters<typeof pauseJobsAndWait>[0]['engine'],
    onCount: (sheets) => counts.push(sheets),
    onDone,
  })
  return { set, counts, onDone, end, statuses: () => [...jobs.values()].map(({ status }) => status) }
}

describe('pausing before quitting', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => vi.useRealTimers())
  const settle = () => vi.advanceTimersByTimeAsync(500)

  it('pauses every job, counts the sheets in flight, and is done with the last of them', async () => {
    const { set, counts, onDone, statuses } = aStage(jobSummary({ id: 'a' }), jobSummary({ id: 'b' }))
    await settle()
    expect(statuses()).toEqual(['pausing', 'pausing'])
    expect(counts.at(-1)).toBe(2)
    set(pausedJob({ id: 'a' }))
    await settle()
    expect(counts.at(-1)).toBe(1)
    expect(onDone).not.toHaveBeenCalled()
    set(pausedJob({ id: 'b' }))
    await settle()
    expect(onDone).toHaveBeenCalledOnce()
  })

  it('pauses what comes meanwhile too', async () => {
    const { set, onDone, statuses } = aStage(pausing('a'))
    await settle()
    set(jobSummary({ id: 'late' }))
    await settle()
    expect(statuses()).toEqual(['pausing', 'pausing'])
    expect(onDone).not.toHaveBeenCalled()
  })

  it('does not wait for what is frozen', async () => {
    const { onDone } = aStage(frozenJob(), pausedJob({ id: 'b' }))
    await settle()
    expect(onDone).toHaveBeenCalledOnce()
  })

  it('waits for what is being cancelled, which is no sheet to be done', async () => {
    const { set, counts, onDone } = aStage({ ...pausing('a'), status: 'running', cancelling: true })
    await settle()
    expect([counts.at(-1), onDone.mock.calls.length]).toEqual([0, 0])
    set({ ...pausing('a'), status: 'cancelled' })
    await settle()
    expect(onDone).toHaveBeenCalledOnce()
  })

  it('does nothing any more once it is taken back', async () => {
    const { set, onDone, end } = aStage(pausing('a'))
    await settle()
    end()
    set(pausedJob({ id: 'a' }))
    await settle()
    expect(onDone).not.toHaveBeenCalled()
  })
})
