import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../../test/support/place.ts'
import { eventually, type SimulatedClock, simulatedClock } from '../../../test/support/scripted.ts'
import { watchForSilence } from './silence.ts'

let place: Place
let clock: SimulatedClock
let silent: number
beforeEach(() => {
  place = makePlace()
  clock = simulatedClock()
  silent = 0
  watchForSilence({ folder: place.root, idleMs: 300_000, everyMs: 30_000 }, clock, () => silent++)
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

  it.each([
    ['the computer slept', (clock: SimulatedClock) => clock.sleep(8 * 3_600_000)],
    ['somebody set the clock a day ahead', (clock: SimulatedClock) => clock.jump(86_400_000)],
    ['somebody set the clock a day back', (clock: SimulatedClock) => clock.jump(-86_400_000)],
  ])('is silent for as long as ever though %s', async (_what, happen) => {
    await pass(30_000)
    happen(clock)
    for (let look = 1; look < 9; look++) await pass(30_000)
    expect(silent).toBe(0)
    await pass(30_000)
    expect(silent).toBe(1)
  })

  it('is not silent when it prints in between', async () => {
    for (let look = 1; look < 9; look++) await pass(30_000)
    writeFileSync(join(place.root, 'stdout'), 'still here')
    for (let look = 1; look <= 10; look++) await pass(30_000)
    expect(silent).toBe(0)
    await pass(30_000)
    expect(silent).toBe(1)
  })
})
