import { FermataError, type JobService } from '../../engine/index.ts'
import type { Handlers } from '../ipc/answer.ts'

/** Hits a search answers with before it is asked to go on. */
const HITS_AT_ONCE = 500

/** Searches logs for the one who looks at the window: a newer search ends the one before, whose answer nobody waits for. */
export function createLogSearch(jobs: Pick<JobService, 'searchLog'>): Handlers['logs.search'] {
  let running: AbortController | null = null
  return ({ jobId, sheet, attempt, stream, ...query }) => {
    running?.abort(new FermataError('SEARCH_OVERTAKEN', 'A newer search has taken the place of this one.'))
    running = new AbortController()
    return jobs.searchLog(jobId, sheet, attempt, stream, { ...query, limit: HITS_AT_ONCE, signal: running.signal })
  }
}
