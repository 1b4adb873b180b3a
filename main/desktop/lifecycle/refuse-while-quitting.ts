import { FermataError, type JobService } from '../../engine/index.ts'

/** @throws FermataError QUITTING once it is decided that Fermata quits */
export function refuseWhileQuitting(isQuitting: () => boolean): void {
  if (isQuitting()) throw new FermataError('QUITTING', 'Fermata is quitting.', { remedy: 'Choose “Don’t quit” first.' })
}

/** The jobs, of which none begins or goes on any more once it is decided that Fermata quits: it would be paused at once, or left alone. */
export function startingNothingWhileQuitting(jobs: JobService, isQuitting: () => boolean): JobService {
  return {
    ...jobs,
    async submit(...given) {
      refuseWhileQuitting(isQuitting)
      return jobs.submit(...given)
    },
    async resume(...given) {
      refuseWhileQuitting(isQuitting)
      return jobs.resume(...given)
    },
  }
}
