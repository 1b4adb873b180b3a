import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A file that pauses a job at the next boundary, whoever creates it: a script, an agent, a person
 * (Marianne: pause signal file). It carries the job's own id, so it can never pause another job.
 */
export const pauseFile = (workspace: string, jobId: string): string => join(workspace, `.fermata-pause-${jobId}`)

export const pauseFileExists = (workspace: string, jobId: string): boolean => existsSync(pauseFile(workspace, jobId))

/** Removed when a job starts, goes on or ends: a stale one must not pause the next run. */
export function removePauseFile(workspace: string, jobId: string): void {
  try {
    rmSync(pauseFile(workspace, jobId), { force: true })
  } catch {
    // A workspace that cannot be written cannot hold a pause file of ours either; the job's own error will tell.
  }
}
