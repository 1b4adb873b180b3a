import type { Disposer } from '../engine/index.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
export type Signal = (typeof SIGNALS)[number]

export interface Signals {
  /** Hands each signal to `handler`, those first that came before there was one. */
  handle(handler: (signal: Signal) => void): void
  /** Gives the signals their usual meaning back. */
  readonly stop: Disposer
}

/** From now on signals do not end this process: they wait for a handler. */
export function catchSignals(): Signals {
  const early: Signal[] = []
  let receive = (signal: Signal): void => void early.push(signal)
  const listener = (signal: NodeJS.Signals) => {
    const known = SIGNALS.find((name) => name === signal)
    if (known) receive(known)
  }
  for (const name of SIGNALS) process.on(name, listener)
  return {
    handle(handler) {
      receive = handler
      for (const signal of early.splice(0)) handler(signal)
    },
    stop() {
      for (const name of SIGNALS) process.off(name, listener)
    },
  }
}
