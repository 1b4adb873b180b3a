import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { watchLiveness } from './liveness.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fermata-liveness-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('liveness', () => {
  it('looks at once when attempts run, tells of output, and tells again of more', async () => {
    appendFileSync(join(folder, 'stdout'), 'first')
    const told = vi.fn()
    const liveness = watchLiveness(() => new Map([[folder, 'job']]), told)
    liveness.wake()
    await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(1))
    const first = liveness.lastOutputAt(folder)
    appendFileSync(join(folder, 'stderr'), 'second')
    await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(2), 6000)
    expect(liveness.lastOutputAt(folder)).toBeGreaterThanOrEqual(first ?? Number.POSITIVE_INFINITY)
    liveness.close()
  })

  it('keeps no timer when nothing runs, nor after it was closed in the middle of a look', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout')
    watchLiveness(() => new Map(), vi.fn()).wake()
    const running = vi.fn(() => new Map([[folder, 'job']]))
    const closing = watchLiveness(running, vi.fn())
    closing.wake()
    closing.close()
    // Both looks have their one await behind them when a later one of the same kind has.
    appendFileSync(join(folder, 'stdout'), 'x')
    const told = vi.fn()
    const later = watchLiveness(running, told)
    later.wake()
    await vi.waitFor(() => expect(told).toHaveBeenCalled())
    later.close()
    expect(timers.mock.calls.filter(([, ms]) => ms === 2000).length).toBeLessThanOrEqual(1)
    timers.mockRestore()
  })
})
