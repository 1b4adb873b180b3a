import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { JobRecord } from '../ports.ts'

/**
 * A file that pauses a job at the next boundary, whoever creates it: a script, an agent, a person
 * (Marianne: pause signal file). It carries the job's own id, so it can never pause another job.
 */
export const pauseFile = (workspace: string, jobId: string): string => join(workspace, `.fermata-pause-${jobId}`)

export const pauseFileExists = (workspace: string, jobId: string): boolean => existsSync(pauseFile(workspace, jobId))

/** Removed when a job starts, goes on or ends: a stale one must not pause the next run. One that stays is told. */
export function clearPauseFile({ score: { workspace }, state: { id } }: JobRecord, onProblem: (message: string) => void): void {
  if (removed(workspace, id)) return
  onProblem(`The pause file ${pauseFile(workspace, id)} cannot be removed: the job pauses until you remove it.`)
}

/** False when it is still there. */
function removed(workspace: string, jobId: string): boolean {
  try {
    rmSync(pauseFile(workspace, jobId), { force: true, recursive: true })
    return true
  } catch {
    return !pauseFileExists(workspace, jobId)
  }
}
