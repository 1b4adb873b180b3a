import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from './clock.ts'

describe('the system clock', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 0 }))
  afterEach(() => void vi.useRealTimers())

  it('waits longer than a 32-bit timer can', () => {
    const run = vi.fn()
    const fortyDays = 40 * 86_400_000
    systemClock.at(fortyDays, run)
    vi.advanceTimersByTime(fortyDays - 1)
    expect(run).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(run).toHaveBeenCalledOnce()
  })

  it('calls soon, but never at once, when the time has passed', () => {
    const run = vi.fn()
    systemClock.at(-5, run)
    expect(run).not.toHaveBeenCalled()
    vi.advanceTimersByTime(0)
    expect(run).toHaveBeenCalledOnce()
  })

  it('forgets what is disposed of', () => {
    const run = vi.fn()
    systemClock.at(10, run)()
    vi.advanceTimersByTime(20)
    expect(run).not.toHaveBeenCalled()
  })
})
