import { describe, expect, it } from 'vitest'
import { calls, events } from './contract.ts'
import { callNames, eventNames } from './names.ts'

describe('the names the preload lets through', () => {
  it('are the calls of the contract, no more and no fewer', () => {
    expect([...callNames].sort()).toEqual(Object.keys(calls).sort())
  })

  it('are the events of the contract, no more and no fewer', () => {
    expect([...eventNames].sort()).toEqual(Object.keys(events).sort())
  })
})
