import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { StorageError } from '../../engine/index.ts'
import { createProblemLog } from './problem-log.ts'

describe('the problem log', () => {
  beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}))
  afterEach(() => void vi.restoreAllMocks())

  it('tells what came before anybody listened first, then everything at once, with the remedy of the cause', () => {
    const log = createProblemLog()
    log.add('The profile is broken.')
    const told = vi.fn()
    log.tellTo(told)
    log.add('The state could not be saved.', new StorageError('DISK_FULL', 'Full.', { remedy: 'Free some space.' }))
    expect(told.mock.calls.map(([problem]) => [problem.message, problem.remedy])).toEqual([
      ['The profile is broken.', null],
      ['The state could not be saved.', 'Free some space.'],
    ])
  })
})
