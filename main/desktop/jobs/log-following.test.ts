import { expect, it, vi } from 'vitest'
import { createLogFollowing } from './log-following.ts'

it('follows one log at a time, tells which one grew, and lets go when it is told to', () => {
  const grown: (() => void)[] = []
  const stop = vi.fn()
  const followLog = vi.fn((_job, _sheet, _attempt, _stream, onGrowth: () => void) => {
    grown.push(onGrowth)
    return stop
  })
  const grew = vi.fn()
  const following = createLogFollowing({ followLog }, grew)
  const log = { jobId: 'job', sheet: 2, attempt: 0, stream: 'stdout' } as const
  following.follow(log)
  grown[0]?.()
  expect(grew).toHaveBeenCalledExactlyOnceWith(log)
  following.follow({ ...log, stream: 'stderr' })
  expect(stop).toHaveBeenCalledTimes(1)
  following.follow(null)
  following.follow(null)
  expect(stop).toHaveBeenCalledTimes(2)
})
