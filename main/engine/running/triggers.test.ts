import { describe, expect, it } from 'vitest'
import { aScore } from '../../../test/support/score.ts'
import { newJob, policyOf } from '../scheduling/new-job.ts'
import { planScore } from '../score/plan.ts'
import { checkpointFor } from './triggers.ts'

const trigger = (keys: object) => ({ name: 'look', ...keys })

function held(triggers: readonly object[], { sheet = 1, failures = 0, prompt = 'Deploy it.', enabled = true } = {}) {
  const score = aScore({ sheets: 3, checkpoints: { enabled, triggers } })
  const plan = planScore(score)
  const state = newJob('job', plan, policyOf(score), 0).sheets[sheet - 1]
  const planned = plan.sheets[sheet - 1]
  if (!state || !planned) throw new RangeError('no such sheet')
  return checkpointFor(score, planned, { ...state, failures }, prompt)
}

describe('a checkpoint', () => {
  it('holds a sheet by its number, with the message of the score', () => {
    expect(held([trigger({ sheet_nums: [2], message: 'Sure?' })], { sheet: 2 })).toBe('Sure?')
    expect(held([trigger({ sheet_nums: [2] })], { sheet: 1 })).toBeNull()
  })

  it('holds a sheet by words of its prompt, whatever their case', () => {
    expect(held([trigger({ prompt_contains: ['publish', 'DEPLOY'] })])).toBe(
      'Checkpoint "look": sheet 1 waits for your decision.',
    )
    expect(held([trigger({ prompt_contains: ['publish'] })])).toBeNull()
  })

  it('holds a sheet that failed often enough', () => {
    expect(held([trigger({ min_retry_count: 2, message: 'Again?' })], { failures: 2 })).toBe('Again?')
    expect(held([trigger({ min_retry_count: 2 })], { failures: 1 })).toBeNull()
  })

  it('asks for everything it names, and the first that matches speaks', () => {
    const both = trigger({ sheet_nums: [1], prompt_contains: ['publish'], message: 'both' })
    expect(held([both, trigger({ message: 'every sheet' }), trigger({ message: 'late' })])).toBe('every sheet')
    expect(held([both], { prompt: 'Publish it.' })).toBe('both')
  })

  it('asks nobody when it needs no confirmation, or checkpoints are off', () => {
    expect(held([trigger({ requires_confirmation: false })])).toBeNull()
    expect(held([trigger({})], { enabled: false })).toBeNull()
  })
})
