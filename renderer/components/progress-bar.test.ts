import { describe, expect, it } from 'vitest'
import type { SheetStatus } from '../../preload/contract.ts'
import { segmentsOf } from './progress-bar.tsx'

describe('the progress bar', () => {
  it('has a segment for each sheet while there are few', () => {
    expect(segmentsOf(['completed', 'completed', 'in_progress']).map(({ role, sheets }) => [role, sheets])).toEqual([
      ['ok', 1],
      ['ok', 1],
      ['run', 1],
    ])
  })

  it('melts neighbours of many sheets together, and still counts every one', () => {
    const statuses: SheetStatus[] = [...Array(30).fill('completed'), 'failed', ...Array(9).fill('pending')]
    expect(segmentsOf(statuses).map(({ role, sheets, first }) => [role, sheets, first])).toEqual([
      ['ok', 30, 1],
      ['fail', 1, 31],
      ['idle', 9, 32],
    ])
  })
})
