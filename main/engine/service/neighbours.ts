import { realpathSync } from 'node:fs'
import { JobSubmissionError } from '../errors.ts'
import type { Catalogue } from '../instruments/catalogue.ts'
import type { Conductor } from '../running/conductor.ts'
import { isTerminalJob } from '../scheduling/statuses.ts'
import { planScore } from '../score/plan.ts'
import type { Score } from '../score/score.ts'

/**
 * @param except a job that may be there
 * @throws JobSubmissionError JOB_ACTIVE when the same score is not finished in the same workspace
 */
export function refuseTwin(conductor: Conductor, scorePath: string, workspace: string, except?: string): void {
  const twin = conductor
    .jobs()
    .find(
      ({ state, ...job }) =>
        state.id !== except &&
        isSameFile(job.scorePath, scorePath) &&
        job.score.workspace === workspace &&
        !isTerminalJob(state.status),
    )
  if (!twin) return
  throw new JobSubmissionError(
    'JOB_ACTIVE',
    `"${twin.score.name}" is not finished yet (${twin.state.status}): two jobs in one workspace would overwrite each other.`,
    {
      remedy: 'Resume or cancel that job first.',
    },
  )
}

/** Archiving moves files away from under whoever works there. */
export function refuseGuests(conductor: Conductor, workspace: string, except?: string): void {
  const guest = conductor
    .jobs()
    .find(({ state, score }) => state.id !== except && score.workspace === workspace && !isTerminalJob(state.status))
  if (!guest) return
  const message = `"${guest.score.name}" works in ${workspace}: a fresh run would archive its files.`
  throw new JobSubmissionError('WORKSPACE_IN_USE', message, {
    remedy: 'Let it finish or cancel it first, or choose another workspace.',
  })
}

/**
 * Every sheet has an instrument that is there: its first choice or a fallback. One that is missing is passed over.
 * @throws InstrumentError INSTRUMENT_UNKNOWN about the first choice of a sheet none of whose choices is there
 */
export function requireInstruments(catalogue: Catalogue, score: Score): void {
  const known = new Set(catalogue.list().map(({ name }) => name))
  for (const { choices } of planScore(score).sheets)
    if (!choices.some(({ instrument }) => known.has(instrument))) catalogue.get(choices[0].instrument)
}

/** One file may have several paths. */
function isSameFile(a: string, b: string): boolean {
  if (a === b) return true
  try {
    return realpathSync(a) === realpathSync(b)
  } catch {
    return false
  }
}
