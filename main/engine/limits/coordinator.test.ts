import { describe, expect, it } from 'vitest'
import { LimitCoordinator } from './coordinator.ts'
import type { Standing, StandingStore } from './standing.ts'

const NOW = 1_000_000
const BREAKER = { threshold: 1, recoveryMs: 300_000 }
const capacity = { instrument: 4, models: new Map([['large', 2]]) }
const A = { instrument: 'a', model: null }

function storeIn(kept: Map<string, Standing>): StandingStore {
  return {
    load: () => new Map(kept),
    keep(instrument, standing) {
      if (standing) kept.set(instrument, standing)
      else kept.delete(instrument)
      return true
    },
  }
}
const coordinator = (kept = new Map<string, Standing>()) =>
  new LimitCoordinator({ maxSheets: 10, capacityOf: () => capacity, store: storeIn(kept) })

describe('what the dispatcher is told of the limits', () => {
  it('is how many sheets an instrument takes, and a model that has a limit of its own', () => {
    const limits = coordinator().at(NOW)
    expect(limits.maxSheets).toBe(10)
    expect(limits.capacity('a')).toBe(4)
    expect(limits.modelCapacity({ ...A, model: 'large' })).toBe(2)
    expect(limits.modelCapacity({ ...A, model: 'unheard-of' })).toBeNull()
    expect(limits.modelCapacity(A)).toBeNull()
  })

  it('is until when a rate limit holds, and that one sheet tries after it', () => {
    const all = coordinator()
    all.limit(A, NOW + 60_000, NOW, 'Limit reached')
    expect(all.at(NOW).limitedUntil(A)).toBe(NOW + 60_000)
    expect(all.at(NOW + 60_000).limitedUntil(A)).toBeNull()
    expect(all.at(NOW + 60_000).trial(A)).not.toBeNull()
    all.count(A, false, BREAKER, NOW + 60_001)
    expect(all.at(NOW + 60_001).trial(A)).toBeNull()
  })

  it('is that an instrument rests, then takes one sheet of whatever model, then as many as before', () => {
    const all = coordinator()
    expect([all.count(A, true, BREAKER, NOW), all.count(A, true, BREAKER, NOW)]).toEqual([true, false])
    expect(all.at(NOW).brokenUntil(A)).toBe(NOW + 60_000)
    const probing = all.at(NOW + 60_000)
    expect(probing.brokenUntil(A)).toBeNull()
    expect(probing.trial({ ...A, model: 'large' })).toMatchObject({ begun: true, whole: true })
    expect(probing.trial({ instrument: 'b', model: null })).toBeNull()
    all.count(A, false, BREAKER, NOW + 60_000)
    expect(all.at(NOW + 60_000).trial(A)).toBeNull()
  })

  it('is that an instrument wants a login, which is news once; afterwards one sheet tries', () => {
    const all = coordinator()
    expect([all.refuse('a', 'Not logged in', NOW), all.refuse('a', 'Not logged in', NOW)]).toEqual([true, false])
    expect(all.at(NOW).refusal(A)).toBe('Not logged in')
    expect(all.waitFor(A, NOW)).toMatchObject({ cause: 'login', until: null })
    all.retry('a', NOW + 5)
    expect(all.waitFor(A, NOW + 5)).toBeNull()
    expect(all.at(NOW + 5).trial(A)).toMatchObject({ begun: false })
    expect(all.refuse('a', 'Not logged in', NOW + 6)).toBe(true)
  })
})

describe('what is known of instruments', () => {
  it('outlives Fermata: limits and what their user made of them, rests, refusals, and trials not made yet', () => {
    const kept = new Map<string, Standing>()
    const before = coordinator(kept)
    before.limit(A, NOW + 60_000, NOW, 'Limit reached')
    before.limit({ ...A, model: 'large' }, NOW + 60_000, NOW, 'Weekly limit')
    before.setMode({ ...A, model: 'large' }, 'never', NOW)
    before.count({ instrument: 'b', model: null }, true, BREAKER, NOW)
    before.refuse('c', 'Not logged in', NOW)

    const after = coordinator(kept)
    for (const instrument of ['a', 'b', 'c']) expect(after.standing(instrument)).toEqual(before.standing(instrument))
    expect(after.waitFor({ ...A, model: 'large' }, NOW)).toMatchObject({ cause: 'rate_limit', until: null, mode: 'never' })
    expect(
      coordinator(kept)
        .at(NOW + 60_000)
        .trial(A),
    ).not.toBeNull()
  })

  it('is kept as long as there is something to know', () => {
    const kept = new Map<string, Standing>()
    const all = coordinator(kept)
    all.limit(A, NOW + 10, NOW, '')
    all.count(A, false, null, NOW + 10)
    expect(kept.size).toBe(0)
  })

  it('moves with a clock that is set, also on disk', () => {
    const kept = new Map<string, Standing>()
    const all = coordinator(kept)
    all.limit(A, NOW + 60_000, NOW, '')
    all.shift(3_600_000)
    expect(coordinator(kept).at(NOW).limitedUntil(A)).toBe(NOW + 3_660_000)
  })
})
