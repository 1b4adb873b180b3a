import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A file that pauses a job at the next boundary, whoever creates it: a script, an agent, a person
 * (Marianne: pause signal file). It carries the job's own id, so it can never pause another job.
 */
export const pauseFile = (workspace: string, jobId: string): string => join(workspace, `.fermata-pause-${jobId}`)

export const pauseFileExists = (workspace: string, jobId: string): boolean => existsSync(pauseFile(workspace, jobId))

/** Removed when a job starts, goes on or ends: a stale one must not pause the next run. False when it is still there. */
export function removePauseFile(workspace: string, jobId: string): boolean {
  try {
    rmSync(pauseFile(workspace, jobId), { force: true, recursive: true })
    return true
  } catch {
    return !pauseFileExists(workspace, jobId)
  }
}
