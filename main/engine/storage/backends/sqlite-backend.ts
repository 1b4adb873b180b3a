import type { JobStore } from '../../ports.ts'
import type { StateBackend } from './state-backend.ts'

/** The jobs of the data folder's database as a state backend. */
export function createSqliteBackend(store: JobStore): StateBackend {
  return {
    name: 'sqlite',
    save(job) {
      const known = store.load(job.state.id)
      if (known) store.replace(known.state, job)
      else store.insert(job)
    },
    load: (jobId) => store.load(jobId),
    list: () => store.list(),
    delete: (jobId) => store.remove(jobId),
  }
}
