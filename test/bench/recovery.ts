import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import Database from 'better-sqlite3'
import { createEngine } from '../../main/engine/index.ts'
import type { AttemptRecord, JobRecord } from '../../main/engine/ports.ts'
import { attemptFolder } from '../../main/engine/running/preparation.ts'
import { decide } from '../../main/engine/scheduling/decide.ts'
import { newJob, policyOf } from '../../main/engine/scheduling/new-job.ts'
import { planScore } from '../../main/engine/score/plan.ts'
import { openDatabase } from '../../main/engine/storage/database.ts'
import { createJobStore } from '../../main/engine/storage/job-store.ts'
import { attemptRecord } from '../support/attempt-record.ts'
import { assetsDir } from '../support/engine.ts'
import { run } from '../support/jobs.ts'
import { aScore } from '../support/score.ts'
import { until } from '../support/wait.ts'
import type { Bench } from './bench.ts'

const JOBS = 200
const SHEETS = 20

/** Coming back to jobs whose running sheet ended while nobody watched, against a plain reading of the same rows. */
export const recovery: Bench = {
  name: `recovery of ${JOBS} interrupted jobs of ${SHEETS} sheets`,
  async run() {
    const root = await mkdtemp(join(tmpdir(), 'fermata-bench-'))
    const dataDir = join(root, 'data')
    try {
      await interrupt(root, dataDir)
      const bare = readRows(join(dataDir, 'fermata.db'))
      const begun = performance.now()
      const engine = await createEngine({ dataDir, assetsDir })
      const opened = performance.now() - begun
      await until(
        'every job is settled',
        async () => (await engine.jobs.list()).every(({ status }) => status === 'paused'),
        60_000,
      )
      const settled = performance.now() - begun
      await engine.close()
      return [
        { what: 'until commands are taken', value: opened, bare, unit: 'ms' },
        { what: 'until every job is judged', value: settled, bare, unit: 'ms' },
      ]
    } finally {
      await rm(root, { recursive: true, force: true })
    }
  },
}

/** Jobs whose first sheet was in flight when Fermata went away; it has ended since, and its user had paused the job. */
async function interrupt(root: string, dataDir: string): Promise<void> {
  const database = openDatabase(dataDir)
  const store = createJobStore(database, { onProblem: console.error })
  for (let number = 0; number < JOBS; number += 1) {
    const job = jobInFlight(`job-${number}`, join(root, 'workspaces', String(number)))
    const attempt = attemptOf(job, dataDir)
    await mkdir(attempt.folder, { recursive: true })
    await mkdir(job.score.workspace, { recursive: true })
    for (const [file, text] of Object.entries({ exit: '0\n', stdout: 'done\n', stderr: '', 'baseline.json': '{}' }))
      await writeFile(join(attempt.folder, file), text)
    store.insert(job)
    store.saveAttempt(attempt)
  }
  store.close()
}

function jobInFlight(id: string, workspace: string): JobRecord {
  const score = aScore({ name: id, workspace, instrument: 'cli', sheets: SHEETS })
  const plan = planScore(score)
  const now = Date.now()
  let state = newJob(id, plan, policyOf(score), now)
  for (const event of [{ type: 'start' }, ...run(1), { type: 'pause', by: 'user' }] as const)
    state = decide(state, event, now).state
  return { state, score, plan, notes: [], chainDepth: 0, follows: null, scorePath: join(workspace, 'score.yaml') }
}

const attemptOf = ({ state: { id } }: JobRecord, dataDir: string): AttemptRecord =>
  attemptRecord({
    ...{ jobId: id, marker: `${id}.1.1.bench`, folder: attemptFolder(dataDir, id, 1, 1), startedAt: Date.now() },
    identity: { pid: 2 ** 22 - 1, startTime: 'gone' },
  })

/** How long SQLite takes to hand out all rows, in ms. */
function readRows(file: string): number {
  const begun = performance.now()
  const db = new Database(file, { readonly: true })
  for (const table of ['jobs', 'sheets', 'attempts']) db.prepare(`SELECT * FROM ${table}`).all()
  db.close()
  return performance.now() - begun
}
