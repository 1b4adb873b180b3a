import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAMAGES } from '../../../test/support/damage.ts'
import { attempt, play, run, SUCCESS } from '../../../test/support/jobs.ts'
import { aScore } from '../../../test/support/score.ts'
import type { JobRecord, JobStore } from '../ports.ts'
import { newJob, policyOf } from '../scheduling/new-job.ts'
import type { JobEvent } from '../scheduling/state.ts'
import { planScore } from '../score/plan.ts'
import { createJsonBackend } from './backends/json-backend.ts'
import { backUp } from './backup.ts'
import { type OpenDatabase, openDatabase } from './database.ts'
import { createJobStore } from './job-store.ts'
import { settleLoss } from './settle-loss.ts'

const NOW = 5000
const START: JobEvent = { type: 'start' }

let folder: string
let database: OpenDatabase
let store: JobStore
let told: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fermata-loss-'))
  told = []
  open()
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true })
})

function open(): void {
  database = openDatabase(join(folder, 'data'))
  store = createJobStore(database, { onProblem: (message) => told.push(message) })
}

/** What launchers do is shown where there are real ones; here nothing runs. */
const launcher = {
  inspect: async () => ({ kind: 'gone' }) as const,
  stop: async () => ({ survivors: [{ pid: 7, startTime: 'then' }] }),
}

const settle = (using: Partial<JobStore> = {}) =>
  settleLoss({
    dataDir: join(folder, 'data'),
    database,
    store: { ...store, ...using },
    launcher,
    graceMs: 1,
    now: NOW,
    onProblem: (message) => told.push(message),
  })

/** A job of two sheets after these events, in the store. */
function aJob(id: string, events: readonly JobEvent[], keys: Readonly<Record<string, unknown>> = {}): JobRecord {
  const score = aScore({ sheets: 2, workspace: folder, ...keys })
  const plan = planScore(score)
  const { state } = play(newJob(id, plan, policyOf(score), 1000), events, 2000)
  const job = { state, score, plan, notes: [], chainDepth: 0, follows: null, scorePath: '/s.yaml' }
  store.insert(job)
  return job
}

/** The database is lost now; its backup takes its place. */
async function lose(): Promise<void> {
  await backUp(database.file)
  store.close()
  DAMAGES['has a damaged header']?.(database.file)
  open()
}

const statusOf = (id: string) => store.load(id)?.state.status

describe('after a restore', () => {
  it('unfinished jobs wait for their user, and what the user had decided stays', async () => {
    aJob('queued', [START])
    aJob('running', [START, ...run(1)])
    aJob('paused', [START, { type: 'pause', by: 'user' }])
    aJob('done', [START, ...attempt(1, 1, SUCCESS), ...attempt(2, 1, SUCCESS)])
    aJob('cancelling', [START, ...run(1), { type: 'cancel' }])
    await lose()
    await settle()
    expect(['queued', 'paused', 'done'].map(statusOf)).toEqual(['interrupted', 'paused', 'completed'])
    // Their attempts are known and may live: they come to their end first.
    expect(['running', 'cancelling'].map(statusOf)).toEqual(['pausing', 'running'])
    expect(store.load('paused')?.state.hold).toBe('user')
    expect(told).toEqual([expect.stringContaining('The database was damaged')])
  })

  it('what follows the last sheet is not begun again unasked', async () => {
    const keys = { on_success: [{ type: 'run_command', command: 'true' }] }
    const { state } = aJob('hooks', [START, ...attempt(1, 1, SUCCESS), ...attempt(2, 1, SUCCESS)], keys)
    expect(state.hooks).toBe('running')
    await lose()
    await settle()
    expect(store.load('hooks')?.state).toMatchObject({ hooks: 'due', intent: 'pause' })
  })

  it('a checkpoint in the workspace tells what the backup does not', async () => {
    const job = aJob('kept', [START, ...run(1)], { state_backend: 'json' })
    await lose()
    const later = play(job.state, attempt(1, 1, SUCCESS).slice(-1), 3000).state
    createJsonBackend(folder).save({ ...job, state: later })
    await settle()
    expect(store.load('kept')?.state.sheets.map(({ status }) => status)).toEqual(['completed', 'pending'])
    expect(statusOf('kept')).toBe('interrupted')
  })

  it('all is done again at the next start when it was broken off', async () => {
    aJob('a', [START])
    await lose()
    const broken = () => {
      throw new Error('disk full')
    }
    await expect(settle({ commit: broken })).rejects.toThrow('disk full')
    store.close()
    open()
    await settle()
    expect(statusOf('a')).toBe('interrupted')
    store.close()
    open()
    expect(database.restored).toBeNull()
  })
})

describe('at any start', () => {
  it('nothing is changed or told when nothing was lost', async () => {
    const { state } = aJob('running', [START, ...run(1)])
    mkdirSync(join(folder, 'data', 'attempts', 'running', '1-1'), { recursive: true })
    await settle()
    expect(store.load('running')?.state).toEqual(state)
    expect(told).toEqual([])
  })

  it('attempts of unknown jobs are put aside and told', async () => {
    const attempts = join(folder, 'data', 'attempts', 'unknown')
    mkdirSync(join(attempts, '1-1'), { recursive: true })
    await settle()
    expect(readdirSync(attempts)).toEqual([`1-1.unknown-${NOW}`])
    expect(told).toEqual([expect.stringContaining('1 attempt the database knows nothing of was ended')])
  })
})
