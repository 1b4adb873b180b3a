import { describe, expect, it } from 'vitest'
import { anAttempt } from '../../test/support/fake-bridge.ts'
import { loadOf, processesText, stallOf, stallText, usageFacts } from './liveness.ts'

const MINUTE = 60_000
const begin = new Date(2026, 2, 12, 14, 0).getTime()
const running = anAttempt({ startedAt: begin, silentSince: begin })
const textAt = (attempt: typeof running, minutes: number) => {
  const now = begin + minutes * MINUTE
  const stall = stallOf(attempt, now)
  return stall && stallText(stall, now)
}

describe('a silent attempt', () => {
  it('is worth a word once half of its time is over, with the time it will be stopped', () => {
    const watched = { ...running, silentSince: begin + 2 * MINUTE, staleAt: begin + 14 * MINUTE }
    expect(textAt(watched, 7)).toBeNull()
    expect(textAt(watched, 8)).toBe('No output for 6\u00a0min; will be stopped at 14:14')
    expect(textAt(watched, 15)).toBe('No output for 13\u00a0min; about to be stopped')
  })

  it('is worth a word after ten minutes where nobody watches', () => {
    expect(textAt(running, 9)).toBeNull()
    expect(textAt(running, 12)).toBe('No output for 12\u00a0min')
  })

  it('is silent only for the time it could have printed: freezes and sleep have moved its beginning on', () => {
    const thawed = { ...running, lastOutputAt: begin, silentSince: begin + 60 * MINUTE }
    expect(textAt(thawed, 69)).toBeNull()
    expect(textAt(thawed, 71)).toBe('No output for 11\u00a0min')
    expect(textAt({ ...running, silentSince: null }, 90)).toBeNull()
  })

  it('is none while it stands still, is ended or is checked', () => {
    for (const phase of ['starting', 'frozen', 'stopping', 'checking'] as const) {
      expect(textAt({ ...running, phase }, 90)).toBeNull()
    }
  })
})

describe('what attempts use', () => {
  const load = { processes: 2, memoryBytes: 40_000_000, cpuPercent: 5 }

  it('is not known while nobody measured', () => {
    expect(loadOf([running])).toBeNull()
  })

  it('is summed over all of them', () => {
    const other = { processes: 1, memoryBytes: 1_000_000, cpuPercent: null }
    const sum = loadOf([{ ...running, load }, running, { ...running, load: other }])
    expect(sum).toEqual({ processes: 3, memoryBytes: 41_000_000, cpuPercent: 5 })
  })

  it('is no CPU where all stands still', () => {
    const frozen = { ...running, phase: 'frozen' as const, load: { ...load, cpuPercent: 96 } }
    expect(loadOf([frozen])?.cpuPercent).toBeNull()
    expect(loadOf([frozen, { ...running, load }])?.cpuPercent).toBe(5)
  })

  it('is told with units, and without what is not known', () => {
    expect(usageFacts(load)).toEqual(['5\u00a0%\u00a0CPU', '40\u00a0MB'])
    expect(usageFacts({ processes: 1, memoryBytes: 9e8, cpuPercent: null })).toEqual(['900\u00a0MB'])
    expect([1, 2].map((processes) => processesText({ ...load, processes }))).toEqual(['1 process', '2 processes'])
  })
})
