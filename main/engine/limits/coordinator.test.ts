import { describe, expect, it } from 'vitest'
import { LimitCoordinator } from './coordinator.ts'

const NOW = 1_000_000
const BREAKER = { threshold: 1, recoveryMs: 300_000 }
const capacity = { instrument: 4, models: new Map([['large', 2]]) }
const coordinator = () => new LimitCoordinator(10, () => capacity)
const A = { instrument: 'a', model: null }

describe('what the dispatcher is told of the limits', () => {
  it('is how many sheets an instrument takes, and a model that has a limit of its own', () => {
    const limits = coordinator().at(NOW)
    expect(limits.maxSheets).toBe(10)
    expect(limits.capacity('a')).toBe(4)
    expect(limits.modelCapacity({ ...A, model: 'large' })).toBe(2)
    expect(limits.modelCapacity({ ...A, model: 'unheard-of' })).toBeNull()
    expect(limits.modelCapacity(A)).toBeNull()
  })

  it('is until when a rate limit holds', () => {
    const all = coordinator()
    all.limit(A, NOW + 60_000, NOW)
    expect(all.at(NOW).limitedUntil(A)).toBe(NOW + 60_000)
    expect(all.at(NOW + 60_000).limitedUntil(A)).toBeNull()
    all.clear('a')
    expect(all.at(NOW).limitedUntil(A)).toBeNull()
  })

  it('is that an instrument rests, then takes one sheet of whatever model, then as many as before', () => {
    const all = coordinator()
    all.count('a', true, BREAKER, NOW)
    expect(all.at(NOW).brokenUntil(A)).toBe(NOW + 30_000)
    const probing = all.at(NOW + 30_000)
    expect(probing.brokenUntil(A)).toBeNull()
    expect(probing.capacity('a')).toBe(1)
    expect(probing.modelCapacity({ ...A, model: 'large' })).toBeNull()
    expect(probing.capacity('b')).toBe(4)
    all.count('a', false, BREAKER, NOW + 30_000)
    expect(all.at(NOW + 30_000).capacity('a')).toBe(4)
  })
})
