import { describe, expect, it } from 'vitest'
import { aJob, anAttempt, FROZEN } from '../../test/support/fake-bridge.ts'
import { elapsed, faceOfJob, faceOfSheet, isLively, sheetToWatch, showsLife } from './status.ts'

describe('the sheet worth looking at', () => {
  it('is the one at work, else the one held up, else the one that failed, else the last that ended', () => {
    expect(sheetToWatch(['completed', 'failed', 'retry_scheduled', 'in_progress'])).toBe(4)
    expect(sheetToWatch(['completed', 'failed', 'retry_scheduled', 'pending'])).toBe(3)
    expect(sheetToWatch(['completed', 'failed', 'completed', 'skipped'])).toBe(2)
    expect(sheetToWatch(['completed', 'completed', 'pending'])).toBe(2)
    expect(sheetToWatch(['pending', 'pending'])).toBe(1)
  })
})

describe('a sign of life', () => {
  const attempt = anAttempt({ lastOutputAt: 10_000 })

  it('is output of the last five seconds, from a process that is there', () => {
    expect(showsLife(aJob({ id: 'a', running: [attempt] }), 14_999)).toBe(true)
    expect(showsLife(aJob({ id: 'a', running: [attempt] }), 15_000)).toBe(false)
    expect(showsLife(aJob({ id: 'a', running: [{ ...attempt, phase: 'checking' }] }), 11_000)).toBe(false)
    expect(showsLife(aJob({ id: 'a', running: [{ ...attempt, lastOutputAt: null }] }), 11_000)).toBe(false)
  })
})

describe('the time a job took', () => {
  it('ends when the job ends, and is unknown while it stands still', () => {
    expect(elapsed(aJob({ id: 'a' }), 9_000)).toBe(7_000)
    expect(elapsed(aJob({ id: 'a', status: 'completed', completedAt: 5_000 }), 9_000)).toBe(3_000)
    expect(elapsed(aJob({ id: 'a', status: 'paused' }), 9_000)).toBeNull()
    expect(elapsed(aJob({ id: 'a', status: 'queued', startedAt: null }), 9_000)).toBeNull()
  })
})

it('what is frozen shows no life, however fresh its output is', () => {
  const attempt = anAttempt({ lastOutputAt: 10_000 })
  expect(showsLife(aJob({ id: 'a', ...FROZEN, running: [attempt] }), 11_000)).toBe(false)
  expect(isLively({ ...attempt, phase: 'frozen' }, 11_000)).toBe(false)
})

describe('the face of a job', () => {
  it('has a word of its own for a cancel under way', () => {
    expect(faceOfJob(aJob({ id: 'a', cancelling: true })).word).toBe('Cancelling')
  })

  it('is that of a check while nothing but checks is left of it', () => {
    expect(faceOfJob(aJob({ id: 'a', running: [anAttempt({ phase: 'checking' })] })).word).toBe('Checking')
  })

  it('is not that of a paused one when it is frozen', () => {
    expect(faceOfJob(aJob({ id: 'a', ...FROZEN }))).toEqual({ word: 'Frozen', role: 'pause' })
    expect(faceOfJob(aJob({ id: 'a', ...FROZEN, frozen: { ...FROZEN.frozen, thawing: true } })).word).toBe('Thawing')
    expect(faceOfJob(aJob({ id: 'a', ...FROZEN, running: [anAttempt()] })).word).toBe('Freezing')
  })
})

it('a sheet is called what its processes do', () => {
  expect(faceOfSheet('in_progress', anAttempt()).word).toBe('Running')
  const words = (['frozen', 'stopping', 'checking'] as const).map(
    (phase) => faceOfSheet('in_progress', anAttempt({ phase })).word,
  )
  expect(words).toEqual(['Frozen', 'Ending', 'Checking'])
})
