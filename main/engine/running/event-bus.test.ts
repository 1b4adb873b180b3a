import { describe, expect, it, vi } from 'vitest'
import type { EngineEvent } from '../ports.ts'
import { createEventBus } from './event-bus.ts'

const event: EngineEvent = { type: 'changed', jobId: 'a', version: 1 }

describe('the event bus', () => {
  it('reaches every listener although one throws, and reports that one', () => {
    const onError = vi.fn()
    const bus = createEventBus(onError)
    const heard = vi.fn()
    bus.on(() => {
      throw new Error('mine')
    })
    bus.on(heard)
    bus.emit(event)
    expect(heard).toHaveBeenCalledWith(event)
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: 'mine' }))
  })

  it('lets a listener leave, even while it is told', () => {
    const bus = createEventBus(() => {})
    const heard = vi.fn()
    const leave = bus.on(() => {
      heard()
      leave()
    })
    bus.emit(event)
    bus.emit(event)
    expect(heard).toHaveBeenCalledTimes(1)
  })
})
