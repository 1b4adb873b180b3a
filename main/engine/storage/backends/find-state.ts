import type { JobRecord } from '../../ports.ts'
import type { StateBackend } from './state-backend.ts'

/** Where a job's state was found. `damaged` names the backends before it that could not be read. */
export interface FoundState {
  readonly job: JobRecord
  readonly backend: StateBackend['name']
  readonly damaged: readonly { readonly backend: StateBackend['name']; readonly error: unknown }[]
}

/**
 * The job from the first backend that has it and can be read (Marianne §2.5). Null when none has it.
 *
 * @throws the first backend's error when one was damaged and no other has the job
 */
export function findState(backends: readonly StateBackend[], jobId: string): FoundState | null {
  const damaged: { backend: StateBackend['name']; error: unknown }[] = []
  for (const backend of backends) {
    try {
      const job = backend.load(jobId)
      if (job) return { job, backend: backend.name, damaged }
    } catch (error) {
      damaged.push({ backend: backend.name, error })
    }
  }
  if (damaged[0]) throw damaged[0].error
  return null
}
