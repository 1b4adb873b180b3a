import type { StorageError } from '../../errors.ts'
import type { JobRecord, JobStore } from '../../ports.ts'
import { createJsonBackend } from './json-backend.ts'

/**
 * A store that also keeps a checkpoint in the workspace of every job that asks for it (`state_backend: json`). The database
 * stays the truth: a checkpoint that cannot be written is told, and the job goes on.
 */
export function mirrored(store: JobStore, dataDir: string, onProblem: (message: string, error: StorageError) => void): JobStore {
  const jobs = new Map<string, JobRecord>()
  const mirror = (job: JobRecord): void => {
    if (job.score.state_backend !== 'json') {
      jobs.delete(job.state.id)
      return
    }
    jobs.set(job.state.id, job)
    try {
      createJsonBackend(job.score.workspace, dataDir).save(job)
    } catch (error) {
      onProblem(`The checkpoint of "${job.state.id}" is not up to date.`, error as StorageError)
    }
  }
  return {
    ...store,
    insert(job) {
      store.insert(job)
      mirror(job)
    },
    commit(previous, next, attempt) {
      store.commit(previous, next, attempt)
      const job = jobs.get(next.id)
      if (job) mirror({ ...job, state: next })
    },
    replace(previous, job) {
      store.replace(previous, job)
      mirror(job)
    },
    list() {
      const all = store.list()
      for (const job of all) if (job.score.state_backend === 'json') jobs.set(job.state.id, job)
      return all
    },
  }
}
