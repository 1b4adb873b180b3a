import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePlace, type Place as TestPlace } from '../../../test/support/place.ts'
import { type OpenDatabase, openDatabase } from '../storage/database.ts'
import { createLearning, type Learning } from './learning.ts'
import type { Outcome, Place } from './outcome.ts'

const WHERE: Place = { score: 'nightly', sheet: 'movement 1', instrument: 'claude-code', model: null }
const done = (minutes: number, given: Partial<Outcome> = {}): Outcome => ({
  succeeded: true,
  attempt: 1,
  errorCode: null,
  errorMessage: null,
  durationMs: minutes * 60_000,
  tokens: minutes * 1000,
  costUsd: minutes / 10,
  at: 1_000 + minutes,
  ...given,
})
const failed = (message: string, given: Partial<Outcome> = {}): Outcome =>
  done(1, { succeeded: false, errorCode: 'E201', errorMessage: message, ...given })

let folder: TestPlace
let database: OpenDatabase
let isOn: boolean
let changes: number
let problems: string[]
let learning: Learning

function open(): void {
  database = openDatabase(folder.dataDir)
  learning = createLearning(database, {
    enabled: () => isOn,
    onChange: () => {
      changes += 1
    },
    onProblem: (message) => problems.push(message),
  })
}

beforeEach(() => {
  folder = makePlace()
  isOn = true
  changes = 0
  problems = []
  open()
})
afterEach(() => {
  database.close()
  folder.remove()
})

describe('what is learned of a sheet', () => {
  it('is told by nearest rank over the attempts that succeeded, and outlives a restart', () => {
    for (const minutes of [12, 3, 5, 8, 9, 10, 11, 4, 13, 60]) learning.record(WHERE, done(minutes))
    learning.record(WHERE, failed('The file is missing'))
    database.close()
    open()
    expect(learning.sheetForecast(WHERE)).toEqual({
      runs: 11,
      durationMs: { p10: 180_000, p50: 540_000, p90: 780_000 },
      tokens: { p10: 3000, p50: 9000, p90: 13_000 },
      costUsd: { p10: 0.3, p50: 0.9, p90: 1.3 },
      successRate: 10 / 11,
      firstTryRate: 10 / 11,
      commonFailures: [{ code: 'E201', message: 'The file is missing', count: 1 }],
    })
  })

  it('belongs to its instrument and its model, and to the instrument whatever the score', () => {
    learning.record(WHERE, done(1))
    learning.record({ ...WHERE, model: 'opus' }, done(2))
    learning.record({ ...WHERE, score: 'other' }, done(3))
    expect(learning.of(WHERE)).toEqual([done(1)])
    expect(learning.of({ ...WHERE, model: 'opus' })).toEqual([done(2)])
    expect(learning.on(WHERE)).toEqual([done(3), done(1)])
    expect(learning.sheetForecast({ ...WHERE, sheet: 'movement 2' })).toBeNull()
  })

  it('is of its last 200 attempts', () => {
    for (let index = 0; index < 201; index += 1) learning.record(WHERE, done(index === 0 ? 500 : 5))
    expect(learning.sheetForecast(WHERE)).toMatchObject({ runs: 200, durationMs: { p90: 300_000 } })
  })

  it('says nothing of figures nobody knows', () => {
    learning.record(WHERE, failed('x', { attempt: 2 }))
    expect(learning.sheetForecast(WHERE)).toMatchObject({ durationMs: null, costUsd: null, successRate: 0, firstTryRate: null })
    learning.record(WHERE, done(1, { tokens: null, costUsd: null }))
    expect(learning.sheetForecast(WHERE)).toMatchObject({ durationMs: { p50: 60_000 }, tokens: null, costUsd: null })
  })

  it('names its failures, each once and the commonest first', () => {
    for (const message of ['a', 'b', 'b', 'c']) learning.record({ ...WHERE, model: message }, failed(message))
    expect(learning.pastFailures(WHERE, 2)).toEqual([
      { code: 'E201', message: 'b', count: 2 },
      { code: 'E201', message: 'c', count: 1 },
    ])
  })
})

describe('its user', () => {
  it('sees everything that is kept, and can delete that of a score or all of it', () => {
    learning.record(WHERE, done(1))
    learning.record({ ...WHERE, score: 'other' }, done(2))
    expect(learning.insights()).toMatchObject({
      outcomes: 2,
      since: 1001,
      sheets: [
        { score: 'other', runs: 1, lastAt: 1002 },
        { score: 'nightly', runs: 1, lastAt: 1001 },
      ],
    })
    expect(learning.forget('nightly')).toBe(1)
    expect(learning.of(WHERE)).toEqual([])
    expect(learning.of({ ...WHERE, score: 'other' })).toHaveLength(1)
    expect(learning.forget()).toBe(1)
    expect(learning.insights()).toEqual({ outcomes: 0, since: null, sheets: [] })
    expect(changes).toBe(4)
  })

  it('can switch it off: nothing is kept or used, and what was kept can still be seen', () => {
    learning.record(WHERE, failed('a'))
    isOn = false
    learning.record(WHERE, done(2))
    expect([learning.of(WHERE), learning.on(WHERE), learning.pastFailures(WHERE, 5)]).toEqual([[], [], []])
    expect(learning.sheetForecast(WHERE)).toBeNull()
    expect(learning.insights()).toMatchObject({ outcomes: 1, sheets: [{ runs: 1 }] })
  })
})

describe('an outcome that cannot be kept', () => {
  it('is told once and stops nobody', () => {
    database.db.exec('DROP TABLE outcomes')
    learning.record(WHERE, done(1))
    learning.record(WHERE, done(2))
    expect(problems).toEqual(['How a sheet went could not be kept for forecasts. No job is affected.'])
    expect(database.db.pragma('synchronous', { simple: true })).toBe(2)
  })
})
