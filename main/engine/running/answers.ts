import type { Catalogue } from '../instruments/catalogue.ts'
import { readAnswer } from '../instruments/read-result.ts'
import type { AttemptRecord, JobRecord, JobStore } from '../ports.ts'

/** The attempt that completed a sheet; undefined when none did. */
function successOf(attempts: readonly AttemptRecord[]): AttemptRecord | undefined {
  return attempts.findLast(({ outcome }) => outcome === 'succeeded')
}

/**
 * What an instrument answered on a completed sheet, read from the attempt's own files, so that it outlives Fermata
 * (Marianne W-12). At most 50 000 characters, not redacted; null when the sheet has no answer.
 */
export function answersFrom(store: JobStore, catalogue: Catalogue): (job: JobRecord, sheet: number) => Promise<string | null> {
  return async ({ state }, sheet) => {
    if (state.sheets[sheet - 1]?.status !== 'completed') return null
    const attempt = successOf(store.attempts(state.id, sheet))
    if (!attempt || attempt.exitStatus === null) return null
    // An instrument whose profile is gone meanwhile gives no answer any more; what it did is done.
    const profile = catalogue.list().find(({ name }) => name === attempt.instrument)
    if (!profile) return null
    return readAnswer(profile, attempt.folder)
  }
}
