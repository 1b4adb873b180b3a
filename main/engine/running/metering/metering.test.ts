import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { attemptRecord } from '../../../../test/support/attempt-record.ts'
import { aJob, NOW, play, run } from '../../../../test/support/jobs.ts'
import { decide } from '../../scheduling/decide.ts'
import type { JobState } from '../../scheduling/state.ts'
import { NO_USAGE } from '../../scheduling/usage.ts'
import type { MeterReading } from '../../usage/meter.ts'
import { watchMetering } from './metering.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Tokens that arrive at a moment, in ms after the beginning. */
interface Arrival {
  readonly at: number
  readonly tokens: number
}

/** A job whose sheet prints these figures and is watched, until its budget stops it; what had arrived by then, and when. */
async function playStream(arrivals: readonly Arrival[], budget: object) {
  let state: JobState = play(aJob({ budgets: { job: budget } }), run(1)).state
  let stoppedAt: number | null = null
  const begun = Date.now()
  const record = attemptRecord({ jobId: state.id, sheet: 1, number: 1 })
  const arrivedBy = (at: number) => arrivals.filter((one) => one.at <= at).reduce((sum, { tokens }) => sum + tokens, 0)
  const look = async (): Promise<MeterReading> => ({
    usage: { ...NO_USAGE, outputTokens: arrivedBy(Date.now() - begun) },
    events: 1,
    source: 'live',
    brokenSince: null,
    model: null,
    isBehind: false,
  })
  let told = 0
  const metering = watchMetering({
    running: () => (stoppedAt === null ? [{ record, phase: 'running' }] : []),
    job: () => ({ state }) as never,
    meterFor: () => ({ look }),
    apply(_id, event) {
      told += 1
      const { state: next, effects } = decide(state, event, NOW)
      state = next
      if (effects.some(({ type }) => type === 'freeze_attempt' || type === 'stop_attempt')) stoppedAt = Date.now() - begun
    },
    onReading: () => {},
    onLook: () => {},
    onProblem: (message) => expect.unreachable(message),
  })
  metering.wake()
  await vi.advanceTimersByTimeAsync(10_000)
  metering.close()
  return { stoppedAt, told, arrivedBy }
}

describe('the meter of running attempts', () => {
  it('lets no budget be exceeded by more than what arrived within 2 s, whatever comes when', async () => {
    const arrival = fc.record({ at: fc.integer({ min: 0, max: 7000 }), tokens: fc.integer({ min: 0, max: 50 }) })
    const action = fc.constantFrom('freeze', 'cancel')
    await fc.assert(
      fc.asyncProperty(
        fc.array(arrival, { maxLength: 60 }),
        fc.integer({ min: 1, max: 600 }),
        action,
        async (arrivals, tokens, action) => {
          const { stoppedAt, arrivedBy } = await playStream(arrivals, { tokens, action })
          const moments = arrivals.map(({ at }) => at).sort((a, b) => a - b)
          const crossedAt = moments.find((at) => arrivedBy(at) > tokens)
          if (crossedAt === undefined) expect(stoppedAt).toBeNull()
          else expect((stoppedAt ?? Number.POSITIVE_INFINITY) - crossedAt).toBeLessThanOrEqual(2000)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('tells scheduling of what crosses something, not of every figure', async () => {
    const arrivals = Array.from({ length: 90 }, (_, index) => ({ at: index * 100, tokens: 1 }))
    const { told } = await playStream(arrivals, { tokens: 1000, warn_at_percent: 5, action: 'freeze' })
    expect(told).toBe(1)
  })
})
