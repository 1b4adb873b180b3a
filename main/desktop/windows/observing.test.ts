import { describe, expect, it } from 'vitest'
import { observeWhileSeen } from './observing.ts'

describe('looking at what the processes use', () => {
  it('goes on exactly while the window is seen', () => {
    let observers = 0
    const setSeen = observeWhileSeen(() => {
      observers += 1
      return () => {
        observers -= 1
      }
    })
    const steps = [false, true, true, false, false, true].map((seen) => {
      setSeen(seen)
      return observers
    })
    expect(steps).toEqual([0, 1, 1, 0, 0, 1])
  })
})
