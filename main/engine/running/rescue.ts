import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { JobSubmissionError } from '../errors.ts'
import type { JobRecord } from '../ports.ts'
import { isInFlight, isTerminalJob } from '../scheduling/statuses.ts'
import { checkpointFile, createJsonBackend } from '../storage/backends/json-backend.ts'
import { ownerOfCheckpoint } from '../storage/checkpoint.ts'

/**
 * An unfinished job of this score whose checkpoint is in the workspace though the database knows nothing of it: the database
 * was lost (Marianne §2.5). What is done stays done; it waits for someone to let it go on. Null when there is none.
 *
 * @throws JobSubmissionError when the job is another Fermata's, which may be playing it right now
 */
export function rescuedFrom(
  workspace: string,
  scorePath: string,
  dataDir: string,
  isKnown: (jobId: string) => boolean,
): JobRecord | null {
  const kept = createJsonBackend(workspace)
    .list()
    .find((job) => job.scorePath === scorePath && !isTerminalJob(job.state.status) && !isKnown(job.state.id))
  if (!kept) return null
  const owner = ownerOfCheckpoint(readFileSync(checkpointFile(workspace, kept.state.id), 'utf8'))
  if (owner !== dataDir && existsSync(join(owner, 'fermata.db'))) {
    throw new JobSubmissionError(
      'JOB_ACTIVE',
      `"${kept.score.name}" is not finished yet: the Fermata with the data folder ${owner} plays it.`,
      {
        remedy: 'Go on with it there, or choose another workspace.',
      },
    )
  }
  // Nobody knows any more what ran then.
  const sheets = kept.state.sheets.map((sheet) => (isInFlight(sheet) ? { ...sheet, status: 'pending' as const } : sheet))
  return { ...kept, state: { ...kept.state, sheets, looking: [], status: 'interrupted', intent: 'pause', hold: 'crash' } }
}
