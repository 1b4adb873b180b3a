import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aScore } from '../../../../test/support/score.ts'
import type { JobRecord } from '../../ports.ts'
import { decide } from '../../scheduling/decide.ts'
import { newJob, policyOf } from '../../scheduling/new-job.ts'
import { planScore } from '../../score/plan.ts'
import { openDatabase } from '../database.ts'
import { createJobStore } from '../job-store.ts'
import { findState } from './find-state.ts'
import { checkpointFile, createJsonBackend } from './json-backend.ts'
import { createSqliteBackend } from './sqlite-backend.ts'
import type { StateBackend } from './state-backend.ts'

let folder: string
let closers: (() => void)[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fermata-backend-'))
  closers = []
})
afterEach(() => {
  for (const close of closers) close()
  rmSync(folder, { recursive: true })
})

function aJob(id: string, createdAt = 1000): JobRecord {
  const score = aScore({ name: id, sheets: 3, state_backend: 'json', prompt: { variables: { odd: { 1: 'one' } } } })
  const plan = planScore(score)
  return {
    state: newJob(id, plan, policyOf(score), createdAt),
    score,
    plan,
    notes: [],
    chainDepth: 0,
    follows: null,
    scorePath: '/s.yaml',
  }
}

const sqlite = (): StateBackend => {
  const store = createJobStore(openDatabase(join(folder, 'data')), { onProblem: () => {} })
  closers.push(() => store.close())
  return createSqliteBackend(store)
}

describe.each([
  ['sqlite', sqlite],
  ['json', () => createJsonBackend(folder)],
])('the state backend %s', (name, open) => {
  it('says which it is', () => expect(open().name).toBe(name))

  it('gives back exactly what it was given, as often as it changes', () => {
    const backend = open()
    const job = aJob('a')
    backend.save(job)
    expect(backend.load('a')).toEqual(job)
    const later = { ...job, state: decide(job.state, { type: 'start' }, 2000).state }
    backend.save(later)
    expect(backend.load('a')).toEqual(later)
    expect(backend.load('a')?.state.graph.dependsOn).toEqual([[], [1], [2]])
  })

  it('knows nothing of a job it was not given', () => {
    const backend = open()
    expect(backend.load('nobody')).toBeNull()
    expect(backend.delete('nobody')).toBe(false)
  })

  it('lists its jobs, newest first, and forgets one', () => {
    const backend = open()
    for (const [id, createdAt] of [
      ['old', 1],
      ['new', 3],
      ['middle', 2],
    ] as const)
      backend.save(aJob(id, createdAt))
    expect(backend.list().map(({ state }) => state.id)).toEqual(['new', 'middle', 'old'])
    expect(backend.delete('middle')).toBe(true)
    expect(backend.list().map(({ state }) => state.id)).toEqual(['new', 'old'])
  })
})

describe('a checkpoint file', () => {
  it('is whole or not there: nothing is left beside it', () => {
    createJsonBackend(folder).save(aJob('a'))
    expect(readdirSync(folder)).toEqual(['.fermata-state-a.json'])
  })

  it('that is damaged is named, and hides no other', () => {
    const backend = createJsonBackend(folder)
    backend.save(aJob('a'))
    writeFileSync(checkpointFile(folder, 'b'), '{"format":1,')
    expect(() => backend.load('b')).toThrow(expect.objectContaining({ code: 'STATE_CORRUPT' }))
    expect(backend.list().map(({ state }) => state.id)).toEqual(['a'])
  })
})

describe('finding a job (Marianne, case 9)', () => {
  it('takes the second backend when the first is damaged, and says so', () => {
    const [first, second] = [createJsonBackend(folder), sqlite()]
    writeFileSync(checkpointFile(folder, 'a'), 'no JSON')
    second.save(aJob('a'))
    expect(findState([first, second], 'a')).toMatchObject({ backend: 'sqlite', damaged: [{ backend: 'json' }] })
  })

  it('fails with the damage when nobody else has it, and finds nothing where nothing is', () => {
    const [first, second] = [createJsonBackend(folder), sqlite()]
    writeFileSync(checkpointFile(folder, 'a'), 'no JSON')
    expect(() => findState([first, second], 'a')).toThrow(expect.objectContaining({ code: 'STATE_CORRUPT' }))
    expect(findState([first, second], 'b')).toBeNull()
  })
})
