import { describe, expect, it } from 'vitest'
import { START, simulatedClock } from '../../../test/support/scripted.ts'
import { Timers } from './timers.ts'

const SECOND = 1000

describe('timers', () => {
  it('wait for the soonest, and run what a sleep made overdue in one go and in order', () => {
    const clock = simulatedClock()
    const ran: string[] = []
    const timers = new Timers(clock, () => ran.push('done'))
    for (const [name, seconds] of [
      ['b', 20],
      ['a', 10],
      ['c', 90],
    ] as const)
      timers.set(name, START + seconds * SECOND, () => ran.push(name))
    expect(clock.waits()).toEqual([START + 10 * SECOND])
    clock.sleep(60 * SECOND)
    clock.advance(0)
    expect(ran).toEqual(['a', 'b', 'done'])
    expect(clock.waits()).toEqual([START + 90 * SECOND])
    clock.advance(30 * SECOND)
    expect(ran).toEqual(['a', 'b', 'done', 'c', 'done'])
    expect(clock.waits()).toEqual([])
  })

  it('are replaced by their name, and set anew from within', () => {
    const clock = simulatedClock()
    const ran: number[] = []
    const timers = new Timers(clock, () => {})
    const again = () => {
      ran.push(clock.now() - START)
      if (ran.length < 3) timers.set('one', clock.now() + SECOND, again)
    }
    timers.set('one', START + 5 * SECOND, again)
    timers.set('one', START + SECOND, again)
    clock.advance(10 * SECOND)
    expect(ran).toEqual([SECOND, 2 * SECOND, 3 * SECOND])
  })
})
