import { join } from 'node:path'
import type { JobRecord, JobStore, Launcher } from '../ports.ts'
import { settle } from '../scheduling/settle.ts'
import type { JobState } from '../scheduling/state.ts'
import { isTerminalJob } from '../scheduling/statuses.ts'
import { createJsonBackend } from './backends/json-backend.ts'
import type { OpenDatabase } from './database.ts'
import { restoreNotice } from './restore.ts'
import { setAside, unknownAttempts } from './unknown-attempts.ts'

export interface LossParts {
  readonly dataDir: string
  readonly database: OpenDatabase
  readonly store: JobStore
  readonly launcher: Pick<Launcher, 'inspect' | 'stop'>
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs: number
  /** Epoch ms. */
  readonly now: number
  /** Told what was lost and what was done about it, in sentences for a person. */
  onProblem(message: string): void
}

/**
 * Sees to it that nothing runs twice though the database knows less than happened: what runs without its knowledge is ended,
 * and after a restore every unfinished job waits for its user. To be called at every start, before anything is begun. What is
 * broken off here is done again at the next start.
 * @throws StorageError when the jobs cannot be saved; whatever keeps unknown attempts from being ended
 */
export async function settleLoss({ dataDir, database, store, launcher, graceMs, now, onProblem }: LossParts): Promise<void> {
  const { file, restored } = database
  if (restored) onProblem(restoreNotice(file, restored))
  const unknown = unknownAttempts(dataDir, database)
  const survivors = await setAside(unknown, launcher, graceMs, now)
  if (unknown.length > 0) {
    const many = unknown.length > 1
    onProblem(
      `${unknown.length} attempt${many ? 's' : ''} the database knows nothing of ${many ? 'were' : 'was'} ended and put aside in ${join(dataDir, 'attempts')}.`,
    )
  }
  if (survivors.length > 0)
    onProblem(`Of these, process ${survivors.join(', ')} could not be ended. Look at it before you go on.`)
  if (!restored) return
  for (const stored of store.list()) {
    const job = newest(stored)
    if (job !== stored) store.replace(stored.state, job)
    const next = held(job.state, now)
    if (next !== job.state) store.commit(job.state, next)
  }
  database.forgetRestore()
}

/** A job that keeps a checkpoint in its workspace (`state_backend: json`) may know there what the backup does not. */
function newest(stored: JobRecord): JobRecord {
  const { state, score } = stored
  if (score.state_backend !== 'json') return stored
  try {
    const kept = createJsonBackend(score.workspace).load(state.id)
    return kept && kept.state.version > state.version ? kept : stored
  } catch {
    return stored
  }
}

/** What its user had paused or cancelled stays so. What follows its last sheet may be half done: it waits, too. */
function held(state: JobState, now: number): JobState {
  if (isTerminalJob(state.status) || state.intent !== 'run') return state
  const hooks = state.hooks === 'running' ? 'due' : state.hooks
  return settle(state, { ...state, intent: 'pause', hold: 'restored', hooks }, now).state
}
