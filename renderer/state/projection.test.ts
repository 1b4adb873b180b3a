import { describe, expect, it } from 'vitest'
import { aJob, anAttempt } from '../../test/support/fake-bridge.ts'
import { applyBatch, fromSnapshot, mergeJob, type Projection } from './projection.ts'

const start = fromSnapshot({ sequence: 4, jobs: [aJob({ id: 'a', version: 3 }), aJob({ id: 'b', version: 1 })] })

function applied(projection: Projection, batch: Parameters<typeof applyBatch>[1]): Projection {
  const next = applyBatch(projection, batch)
  if (next === 'gap') throw new Error('a gap was seen where there is none')
  return next
}

describe('the projection', () => {
  it('takes the next batch in, and leaves jobs alone that are not in it', () => {
    const next = applied(start, { sequence: 5, jobs: [aJob({ id: 'a', version: 4, status: 'paused' })], removed: [] })
    expect(next.jobs.get('a')?.status).toBe('paused')
    expect(next.jobs.get('b')).toBe(start.jobs.get('b'))
  })

  it('drops a batch it already knows', () => {
    expect(applyBatch(start, { sequence: 4, jobs: [aJob({ id: 'a', version: 9 })], removed: ['b'] })).toBe(start)
  })

  it('sees that a batch is missing', () => {
    expect(applyBatch(start, { sequence: 6, jobs: [], removed: [] })).toBe('gap')
  })

  it('drops an older version, and takes a sign of life that has the same one', () => {
    const alive = anAttempt({ lastOutputAt: 5 })
    const next = applied(start, {
      sequence: 5,
      jobs: [aJob({ id: 'a', version: 2, status: 'queued' }), aJob({ id: 'b', version: 1, running: [alive] })],
      removed: [],
    })
    expect(next.jobs.get('a')?.status).toBe('running')
    expect(next.jobs.get('b')?.running).toEqual([alive])
  })

  it('forgets removed jobs and meets new ones', () => {
    const next = applied(start, { sequence: 5, jobs: [aJob({ id: 'c' })], removed: ['a'] })
    expect([...next.jobs.keys()]).toEqual(['b', 'c'])
  })

  it('takes a command’s answer only when it is news', () => {
    expect(mergeJob(start, aJob({ id: 'a', version: 3, status: 'paused' }))).toBe(start)
    expect(mergeJob(start, aJob({ id: 'a', version: 4, status: 'paused' })).jobs.get('a')?.status).toBe('paused')
  })
})
