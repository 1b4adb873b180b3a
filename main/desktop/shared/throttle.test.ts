import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createThrottle } from './throttle.ts'

describe('a throttle', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  it('makes one run of a burst of requests', async () => {
    const run = vi.fn()
    const throttle = createThrottle(100, run)
    for (let i = 0; i < 50; i++) throttle.request()
    expect(run).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(0)
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('runs at most once per interval under steady requests, and once more after the last one', async () => {
    const run = vi.fn()
    const throttle = createThrottle(100, run)
    for (let ms = 0; ms < 1000; ms += 10) {
      throttle.request()
      await vi.advanceTimersByTimeAsync(10)
    }
    expect(run.mock.calls.length).toBeGreaterThanOrEqual(9)
    expect(run.mock.calls.length).toBeLessThanOrEqual(11)
    const before = run.mock.calls.length
    throttle.request()
    await vi.advanceTimersByTimeAsync(100)
    expect(run).toHaveBeenCalledTimes(before + 1)
  })

  it('lets a few runs follow each other after a quiet time, and no more than its rate in the long run', async () => {
    const run = vi.fn()
    const throttle = createThrottle(100, run, 3)
    const at: number[] = []
    run.mockImplementation(() => void at.push(performance.now()))
    const begun = performance.now()
    for (let ms = 0; ms < 500; ms += 10) {
      throttle.request()
      await vi.advanceTimersByTimeAsync(10)
    }
    expect(at.map((time) => Math.round(time - begun))).toEqual([0, 10, 20, 100, 200, 300, 400, 500])
    await vi.advanceTimersByTimeAsync(10_000)
    at.length = 0
    for (let i = 0; i < 4; i++) {
      throttle.request()
      await vi.advanceTimersByTimeAsync(1)
    }
    expect(at).toHaveLength(3)
  })

  it('waits for a slow run, and runs again for what was asked meanwhile', async () => {
    const ends: (() => void)[] = []
    const throttle = createThrottle(100, () => new Promise<void>((end) => ends.push(end)))
    throttle.request()
    await vi.advanceTimersByTimeAsync(500)
    throttle.request()
    await vi.advanceTimersByTimeAsync(500)
    expect(ends).toHaveLength(1)
    ends[0]?.()
    await vi.advanceTimersByTimeAsync(0)
    expect(ends).toHaveLength(2)
  })

  it('survives a failing run', async () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => {})
    const run = vi.fn(() => Promise.reject(new Error('no')))
    const throttle = createThrottle(100, run)
    throttle.request()
    await vi.advanceTimersByTimeAsync(100)
    throttle.request()
    await vi.advanceTimersByTimeAsync(100)
    expect(run).toHaveBeenCalledTimes(2)
    expect(told).toHaveBeenCalledTimes(2)
  })

  it('runs nothing after it was disposed of, and keeps no timer', async () => {
    const run = vi.fn()
    const throttle = createThrottle(100, run)
    throttle.request()
    throttle.dispose()
    throttle.request()
    expect(vi.getTimerCount()).toBe(0)
    await vi.advanceTimersByTimeAsync(1000)
    expect(run).not.toHaveBeenCalled()
  })
})
