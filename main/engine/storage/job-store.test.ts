import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { attemptRecord } from '../../../test/support/attempt-record.ts'
import { aScore } from '../../../test/support/score.ts'
import type { StorageError } from '../errors.ts'
import type { AttemptRecord, JobRecord, JobStore } from '../ports.ts'
import { newJob, policyOf } from '../scheduling/new-job.ts'
import type { JobState, SheetState } from '../scheduling/state.ts'
import { planScore } from '../score/plan.ts'
import { type OpenDatabase, openDatabase } from './database.ts'
import { createJobStore } from './job-store.ts'

const score = aScore({ name: 'hello', sheets: 2 })
const plan = planScore(score)

function sheetOf(number: number, change: Partial<SheetState> = {}): SheetState {
  const [sheet] = newJob('any', plan, policyOf(score), 1000).sheets
  if (!sheet) throw new Error('a job has sheets')
  return { ...sheet, number, ...change }
}

function jobOf(id: string, change: Partial<JobState> = {}): JobRecord {
  const state: JobState = { ...newJob(id, plan, policyOf(score), 1000), ...change }
  return { state, scorePath: '/scores/hello.yaml', score, plan, notes: [], chainDepth: 0, follows: null }
}

const attemptOf = (jobId: string, change: Partial<AttemptRecord> = {}): AttemptRecord =>
  attemptRecord({ jobId, marker: `${jobId}/1/1`, ...change })

describe('the job store', () => {
  let folder: string
  let database: OpenDatabase
  let store: JobStore
  let problems: StorageError[]
  const open = () => {
    database = openDatabase(folder)
    store = createJobStore(database, { onProblem: (_message, problem) => problems.push(problem) })
  }

  beforeEach(() => {
    problems = []
    folder = mkdtempSync(join(tmpdir(), 'fermata-store-'))
    open()
  })
  afterEach(() => {
    store.close()
    rmSync(folder, { recursive: true })
  })

  it('knows after a restart what it knew before', () => {
    const job = jobOf('a')
    store.insert(job)
    store.saveAttempt(attemptOf('a'))
    store.close()
    open()
    expect(store.load('a')).toEqual(job)
    expect(store.attempts('a')).toEqual([attemptOf('a')])
  })

  it('lists the newest job first, and of two made at once the later one', () => {
    store.insert(jobOf('old', { createdAt: 5 }))
    store.insert(jobOf('new', { createdAt: 20 }))
    store.insert(jobOf('newer', { createdAt: 20 }))
    expect(store.list().map((job) => job.state.id)).toEqual(['newer', 'new', 'old'])
  })

  it('answers null for a job it does not have', () => {
    expect(store.load('nobody')).toBeNull()
    expect(store.attempts('nobody')).toEqual([])
  })

  it('writes only the sheets that changed', () => {
    const { state } = jobOf('a')
    store.insert(jobOf('a'))
    const [first = sheetOf(1), second = sheetOf(2)] = state.sheets
    database.db.exec(
      'CREATE TABLE written (number); CREATE TRIGGER t AFTER UPDATE ON sheets BEGIN INSERT INTO written VALUES (new.number); END',
    )
    store.commit(state, { ...state, version: 2, sheets: [first, { ...second, status: 'completed' }] })
    expect(database.db.prepare('SELECT number FROM written').pluck().all()).toEqual([2])
    const columns = database.db.prepare('SELECT completed_sheets, total_sheets FROM jobs').get()
    expect(columns).toEqual({ completed_sheets: 1, total_sheets: 2 })
  })

  it('writes a state and its attempt together or not at all', () => {
    const job = jobOf('a')
    store.insert(job)
    store.insert(jobOf('b'))
    store.saveAttempt(attemptOf('b', { marker: 'taken' }))
    const next = { ...job.state, version: 2, status: 'running' as const }
    expect(() => store.commit(job.state, next, attemptOf('a', { marker: 'taken' }))).toThrow(
      expect.objectContaining({ name: 'StorageError', code: 'DATABASE_FAILED' }),
    )
    expect(store.load('a')).toEqual(job)
    expect(store.attempts('a')).toEqual([])
  })

  it('refuses a change made from a state that is not the stored one', () => {
    const { state } = jobOf('a')
    store.insert(jobOf('a'))
    store.commit(state, { ...state, version: 2, status: 'running' })
    expect(() => store.commit(state, { ...state, version: 2, status: 'cancelled' })).toThrow(
      expect.objectContaining({ code: 'JOB_CHANGED' }),
    )
    expect(store.load('a')?.state.status).toBe('running')
  })

  it('returns attempts in the order of sheets and numbers', () => {
    store.insert(jobOf('a'))
    for (const [sheet, number] of [
      [2, 1],
      [1, 2],
      [1, 10],
      [1, 1],
    ] as const) {
      store.saveAttempt(attemptOf('a', { sheet, number, marker: `${sheet}/${number}` }))
    }
    expect(store.attempts('a').map((attempt) => attempt.marker)).toEqual(['1/1', '1/2', '1/10', '2/1'])
    expect(store.attempts('a', 2).map((attempt) => attempt.marker)).toEqual(['2/1'])
  })

  it('reads survivors of which an earlier Fermata noted the pid alone', () => {
    store.insert(jobOf('a'))
    database.db.exec(`UPDATE jobs SET state = json_set(state, '$.survivors', json('[77]')) WHERE id = 'a'`)
    expect(store.load('a')?.state.survivors).toEqual([{ pid: 77, startTime: '' }])
  })

  it.each([
    ['a job that is no JSON', `UPDATE jobs SET state = '{' WHERE id = 'broken'`],
    ['a status nobody knows', `UPDATE jobs SET state = json_set(state, '$.status', 'humming') WHERE id = 'broken'`],
    ['a field from elsewhere', `UPDATE jobs SET state = json_set(state, '$.tempo', 120) WHERE id = 'broken'`],
    ['a sheet without usage', `UPDATE sheets SET state = json_remove(state, '$.usage') WHERE job_id = 'broken'`],
    ['a sheet that is gone', `DELETE FROM sheets WHERE job_id = 'broken' AND number = 2`],
    ['a score without a template', `UPDATE jobs SET score = json_remove(score, '$.prompt.template') WHERE id = 'broken'`],
  ])('reports %s by name and still lists the others', (_what, damage) => {
    store.insert(jobOf('fine'))
    store.insert(jobOf('broken'))
    database.db.exec(damage)
    expect(store.list().map((job) => job.state.id)).toEqual(['fine'])
    expect(problems).toEqual([expect.objectContaining({ code: 'ROW_UNREADABLE', message: expect.stringContaining('"broken"') })])
    expect(() => store.load('broken')).toThrow(expect.objectContaining({ code: 'ROW_UNREADABLE' }))
  })
})
