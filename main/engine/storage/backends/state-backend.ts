import type { JobRecord } from '../../ports.ts'

/**
 * Where full checkpoints are kept (Marianne §4: `state_backend`). Synchronous; a call that returns has reached the disk.
 * Every implementation passes the same contract tests.
 */
export interface StateBackend {
  /** For messages. */
  readonly name: 'sqlite' | 'json'
  /** Writes a job, new or known. @throws StorageError; what was there before is untouched then */
  save(job: JobRecord): void
  /** Null when there is no such job. @throws StorageError STATE_CORRUPT when it cannot be read */
  load(jobId: string): JobRecord | null
  /** Those that can be read, newest first. */
  list(): readonly JobRecord[]
  /** Whether it was there. */
  delete(jobId: string): boolean
}
