import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aJob } from '../../../test/support/jobs.ts'
import { aScore } from '../../../test/support/score.ts'
import type { JobRecord, JobStore } from '../ports.ts'
import { planScore } from '../score/plan.ts'
import { openDatabase } from './database.ts'
import { createJobStore } from './job-store.ts'
import { safeguarded } from './safeguarded-store.ts'

const score = aScore()
const record = (id: string): JobRecord => ({
  state: aJob({}, { id }),
  score,
  plan: planScore(score),
  notes: [],
  chainDepth: 0,
  follows: null,
  scorePath: '/s.yaml',
})

describe('a safeguarded store', () => {
  let root: string
  let store: JobStore
  let changes: number
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'fermata-safe-'))
    changes = 0
    const database = openDatabase(join(root, 'data'))
    const changed = () => {
      changes += 1
    }
    store = safeguarded(createJobStore(database, { onProblem: () => {} }), database, { changed })
  })
  afterEach(() => {
    store.close()
    rmSync(root, { recursive: true })
  })

  it('tells of what was written, and of nothing else', () => {
    store.insert(record('a'))
    expect(changes).toBe(1)
    expect(store.list()).toHaveLength(1)
    expect(() => store.insert(record('a'))).toThrow()
    expect(changes).toBe(1)
  })

  it('writes nothing where nobody would find it, and goes on when the folder is back', () => {
    renameSync(join(root, 'data'), join(root, 'elsewhere'))
    expect(() => store.insert(record('a'))).toThrow(
      expect.objectContaining({ code: 'DATA_DIR_GONE', message: expect.stringContaining(root), remedy: expect.any(String) }),
    )
    renameSync(join(root, 'elsewhere'), join(root, 'data'))
    store.insert(record('a'))
    expect(store.list()).toHaveLength(1)
  })

  it('is not deceived by another database in its place', () => {
    renameSync(join(root, 'data'), join(root, 'elsewhere'))
    openDatabase(join(root, 'data')).close()
    expect(() => store.insert(record('a'))).toThrow(expect.objectContaining({ code: 'DATA_DIR_GONE' }))
  })
})
