import { describe, expect, it } from 'vitest'
import { digest } from './digest.ts'

describe('a digest', () => {
  const notice = (n: number) => ({ title: `job ${n} failed`, body: 'why', jobId: `job-${n}` })

  it('of one is that one', () => {
    expect(digest([notice(1)])).toEqual(notice(1))
  })

  it('of many names the first and counts the rest', () => {
    expect(digest([1, 2, 3, 4, 5, 6].map(notice))).toEqual({
      title: '6 jobs have news',
      body: 'job 1 failed\njob 2 failed\njob 3 failed\njob 4 failed\nand 2 more',
      jobId: null,
    })
  })
})
