import type { JobRecord } from '../ports.ts'
import { isInFlight, isTerminalJob } from '../scheduling/statuses.ts'
import { createJsonBackend } from '../storage/backends/json-backend.ts'

/**
 * An unfinished job of this score whose checkpoint is in the workspace though the database knows nothing of it: the database
 * was lost or another one is in use (Marianne §2.5). What is done stays done; it waits for someone to let it go on. Null when
 * there is none.
 */
export function rescuedFrom(workspace: string, scorePath: string, isKnown: (jobId: string) => boolean): JobRecord | null {
  const kept = createJsonBackend(workspace)
    .list()
    .find((job) => job.scorePath === scorePath && !isTerminalJob(job.state.status) && !isKnown(job.state.id))
  if (!kept) return null
  // Nobody knows any more what ran then.
  const sheets = kept.state.sheets.map((sheet) => (isInFlight(sheet) ? { ...sheet, status: 'pending' as const } : sheet))
  return { ...kept, state: { ...kept.state, sheets, status: 'interrupted', intent: 'pause', hold: 'crash' } }
}
