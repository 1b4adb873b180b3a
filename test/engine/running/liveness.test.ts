import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { GroupSample } from '../../../main/engine/ports.ts'
import { type LivenessParts, watchLiveness } from '../../../main/engine/running/liveness.ts'
import { attemptRecord } from '../../support/attempt-record.ts'
import { makePlace, type Place } from '../../support/place.ts'

let place: Place
beforeEach(() => {
  place = makePlace()
})
afterEach(() => place.remove())

const attempt = () => attemptRecord({ marker: 'job.1.1.x', folder: place.root })
const SAMPLE: GroupSample = { processes: 3, memoryBytes: 5_000_000, cpuMs: 0, frozen: false }

const parts = (given: Partial<LivenessParts> = {}): LivenessParts => ({
  running: () => [{ record: attempt(), phase: 'running', freeze: () => {}, heard: () => {} }],
  launcher: { sample: async (attempts) => attempts.map(() => SAMPLE) },
  onChange: vi.fn(),
  onSample: vi.fn(),
  onLook: vi.fn(),
  tend: async () => {},
  ...given,
})

describe('liveness', () => {
  it('looks at once when attempts run, tells of output, and tells again of more', async () => {
    appendFileSync(join(place.root, 'stdout'), 'first')
    const given = parts()
    const liveness = watchLiveness(given)
    liveness.wake()
    await vi.waitFor(() => expect(given.onChange).toHaveBeenCalledTimes(1))
    const first = liveness.lastOutputAt(place.root)
    appendFileSync(join(place.root, 'stderr'), 'second')
    await vi.waitFor(() => expect(given.onChange).toHaveBeenCalledTimes(2), 6000)
    expect(liveness.lastOutputAt(place.root)).toBeGreaterThanOrEqual(first ?? Number.POSITIVE_INFINITY)
    liveness.close()
  })

  it('keeps no timer when nothing runs, nor after it was closed in the middle of a look', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout')
    watchLiveness(parts({ running: () => [] })).wake()
    const closing = watchLiveness(parts())
    closing.wake()
    closing.close()
    const given = parts()
    const later = watchLiveness(given)
    later.wake()
    await vi.waitFor(() => expect(given.onLook).toHaveBeenCalled())
    later.close()
    expect(timers.mock.calls.filter(([, ms]) => ms === 2000).length).toBeLessThanOrEqual(1)
    timers.mockRestore()
  })

  it('tells what processes use only while somebody looks: first their memory, with the next look their share of the CPU', async () => {
    let samples = 0
    const given = parts({ launcher: { sample: async () => [{ ...SAMPLE, cpuMs: 1000 * samples++ }] } })
    const liveness = watchLiveness(given)
    liveness.wake()
    await vi.waitFor(() => expect(given.onLook).toHaveBeenCalled())
    expect(liveness.loadOf('job.1.1.x')).toBeNull()
    const leave = liveness.observe()
    await vi.waitFor(() => expect(liveness.loadOf('job.1.1.x')).toMatchObject({ processes: 3, memoryBytes: 5_000_000 }))
    await vi.waitFor(() => expect(liveness.loadOf('job.1.1.x')?.cpuPercent).toBeGreaterThan(0), 6000)
    expect(given.onChange).toHaveBeenCalledWith('job')
    leave()
    leave()
    expect(liveness.loadOf('job.1.1.x')).toBeNull()
    expect(liveness.processes()).toBe(3)
    liveness.close()
  })

  it('looks no more often because whoever is told of something wakes it', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout')
    let bytes = 0
    const given = parts({
      onChange: () => liveness.wake(),
      tend: async () => appendFileSync(join(place.root, 'stdout'), String(bytes++)),
    })
    const liveness = watchLiveness(given)
    liveness.observe()
    liveness.wake()
    await vi.waitFor(() => expect(given.onLook).toHaveBeenCalledTimes(2), 6000)
    liveness.close()
    expect(timers.mock.calls.filter(([, ms]) => ms === 2000)).toHaveLength(2)
    timers.mockRestore()
  })

  it('tells of processes that somebody else stopped, though nobody looks', async () => {
    const given = parts({ launcher: { sample: async () => [{ ...SAMPLE, frozen: true }] } })
    const liveness = watchLiveness(given)
    liveness.wake()
    await vi.waitFor(() => expect(given.onChange).toHaveBeenCalledWith('job'))
    expect(liveness.isStopped('job.1.1.x', 0)).toBe(true)
    expect(liveness.isStopped('job.1.1.x', performance.now()), 'looked at before it was thawed').toBe(false)
    liveness.close()
  })
})
