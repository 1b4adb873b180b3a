import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../../test/support/place.ts'
import { eventually, type SimulatedClock, START, simulatedClock } from '../../../test/support/scripted.ts'
import { watchForSilence } from './silence.ts'

let place: Place
let clock: SimulatedClock
let silent: number
beforeEach(() => {
  place = makePlace()
  clock = simulatedClock()
  silent = 0
  watchForSilence({ folder: place.root, since: START, idleMs: 300_000, everyMs: 30_000 }, clock, () => silent++)
})
afterEach(() => place.remove())

/** Lets time go by in one step, and waits for the look that is due. */
async function pass(ms: number): Promise<void> {
  clock.advance(ms)
  await eventually(() => expect(clock.waits().length + silent).toBe(1))
}

describe('an attempt that prints nothing', () => {
  it('is found silent when its time is up', async () => {
    for (let look = 1; look < 10; look++) await pass(30_000)
    expect(silent).toBe(0)
    await pass(30_000)
    expect(silent).toBe(1)
  })

  it('is not silent because the computer slept', async () => {
    await pass(30_000)
    const [due = 0] = clock.waits()
    clock.sleep(3_600_000)
    expect(clock.now()).toBeGreaterThan(due)
    await pass(0)
    expect(silent).toBe(0)
    for (let look = 0; look < 10; look++) await pass(30_000)
    expect(silent).toBe(1)
  })
})
