import { describe, expect, it } from 'vitest'
import { decide } from './decide.ts'
import { dispatch } from './dispatch.ts'
import { newJob, policyOf } from './new-job.ts'
import type { JobState } from './state.ts'

const policy = policyOf({ maxRetries: 3, baseDelaySeconds: 10, maxDelaySeconds: 60, exponentialBase: 2, jitter: false })
const queued = (id: string, createdAt: number): JobState =>
  decide(newJob(id, { sheets: [{ number: 1, startItem: 1, endItem: 1 }] }, policy, createdAt), { type: 'start' }, createdAt).state
const running = (id: string, createdAt: number): JobState =>
  decide(queued(id, createdAt), { type: 'slot_granted', sheet: 1 }, createdAt).state

describe('dispatch', () => {
  it('grants the free slots to the oldest jobs', () => {
    const { grants } = dispatch([queued('b', 2), queued('c', 3), queued('a', 1)], 2)
    expect(grants).toEqual([
      { jobId: 'a', sheet: 1 },
      { jobId: 'b', sheet: 1 },
    ])
  })

  it('counts what already runs', () => {
    expect(dispatch([running('a', 1), queued('b', 2)], 1).grants).toEqual([])
  })

  it('says why the others do not run and where they stand', () => {
    const { blocked } = dispatch([running('a', 1), queued('b', 2), queued('c', 3)], 1)
    expect(blocked.get('b')).toBe('Not running: 1 of 1 sheet slots are taken; next in line')
    expect(blocked.get('c')).toBe('Not running: 1 of 1 sheet slots are taken; 1 before it')
  })

  it('gives nothing to a job that is paused', () => {
    const paused = decide(queued('a', 1), { type: 'pause', by: 'user' }, 2).state
    expect(dispatch([paused], 5).grants).toEqual([])
  })
})
