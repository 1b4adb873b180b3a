import { describe, expect, it } from 'vitest'
import { jobSummary } from '../../test/support/job-summary.ts'
import { chainOf } from './chain.ts'

const job = (id: string, followsJob: string | null) => jobSummary({ id, followsJob })
const idsFrom = (id: string, ...newestFirst: readonly ReturnType<typeof job>[]) => chainOf(newestFirst, id).map((one) => one.id)

describe('the chain of a job', () => {
  it('is the job alone when nothing follows it', () => {
    expect(idsFrom('a', job('b', null), job('a', null))).toEqual(['a'])
  })

  it('has all that follow it, however far, and nothing from before it', () => {
    const jobs = [job('e', 'c'), job('d', 'b'), job('c', 'a'), job('b', 'a'), job('a', 'z'), job('z', null)]
    expect(idsFrom('a', ...jobs)).toEqual(['a', 'b', 'd', 'c', 'e'])
  })
})
