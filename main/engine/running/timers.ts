import type { Clock, Disposer } from '../ports.ts'

interface Waiting {
  /** Epoch ms. */
  readonly at: number
  readonly run: () => void
}

/**
 * Named timers: setting one anew replaces it. One wait for the soonest of them; after a sleep all that is overdue runs in one
 * go, in the order it was due, and `done` once after it.
 */
export class Timers {
  readonly #clock: Clock
  readonly #done: () => void
  readonly #waiting = new Map<string, Waiting>()
  #armed: { readonly at: number; readonly dispose: Disposer } | null = null

  constructor(clock: Clock, done: () => void) {
    this.#clock = clock
    this.#done = done
  }

  /** Calls `run` at `at` (epoch ms). */
  set(name: string, at: number, run: () => void): void {
    this.#waiting.set(name, { at, run })
    this.#arm()
  }

  clear(name: string): void {
    if (this.#waiting.delete(name)) this.#arm()
  }

  clearAll(): void {
    this.#waiting.clear()
    this.#arm()
  }

  #arm(): void {
    let soonest = Number.POSITIVE_INFINITY
    for (const { at } of this.#waiting.values()) soonest = Math.min(soonest, at)
    if (this.#armed?.at === soonest) return
    this.#armed?.dispose()
    this.#armed =
      soonest === Number.POSITIVE_INFINITY ? null : { at: soonest, dispose: this.#clock.at(soonest, () => this.#fire()) }
  }

  #fire(): void {
    this.#armed = null
    const now = this.#clock.now()
    const due = [...this.#waiting].filter(([, { at }]) => at <= now).sort(([, a], [, b]) => a.at - b.at)
    for (const [name] of due) this.#waiting.delete(name)
    for (const [, { run }] of due) run()
    this.#done()
    this.#arm()
  }
}
