import type { Disposer, EngineEvent } from '../ports.ts'

export interface EventBus {
  on(listener: (event: EngineEvent) => void): Disposer
  emit(event: EngineEvent): void
}

/** Events announce, they never drive: a listener that throws hurts neither the engine nor the other listeners. */
export function createEventBus(onListenerError: (error: unknown) => void): EventBus {
  const listeners = new Set<(event: EngineEvent) => void>()
  return {
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    emit(event) {
      for (const listener of [...listeners]) {
        try {
          listener(event)
        } catch (error) {
          onListenerError(error)
        }
      }
    },
  }
}
