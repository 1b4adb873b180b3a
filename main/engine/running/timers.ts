import type { Clock, Disposer } from '../ports.ts'

/** Named timers: setting one anew replaces it. */
export class Timers {
  readonly #clock: Clock
  readonly #running = new Map<string, Disposer>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Calls `run` at `at` (epoch ms). */
  set(name: string, at: number, run: () => void): void {
    this.clear(name)
    const dispose = this.#clock.at(at, () => {
      this.#running.delete(name)
      run()
    })
    this.#running.set(name, dispose)
  }

  clear(name: string): void {
    this.#running.get(name)?.()
    this.#running.delete(name)
  }

  clearAll(): void {
    for (const dispose of this.#running.values()) dispose()
    this.#running.clear()
  }
}
