import type { JobSummary } from '../../engine/index.ts'
import { goesOn } from '../jobs/groups.ts'

export type QuitAnswer = 'keep' | 'cancel_jobs' | 'stay'

/** What to ask before quitting. `answers` belong to the buttons, in their order. */
export interface QuitQuestion {
  readonly message: string
  readonly detail: string
  readonly buttons: readonly string[]
  readonly answers: readonly QuitAnswer[]
}

/** The most names a dialog lists. */
const NAMED = 5

function list(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).map((name) => `• ${name}`)
  const left = names.length - shown.length
  return [...shown, ...(left > 0 ? [`• and ${left} more`] : [])].join('\n')
}

/** The question, or null when no job goes on and quitting loses nothing. */
export function quitQuestion(jobs: readonly JobSummary[]): QuitQuestion | null {
  const names = jobs.filter(goesOn).map(({ name }) => name)
  if (names.length === 0) return null
  const one = names.length === 1
  return {
    message: one
      ? 'A job is under way. What should happen to it?'
      : `${names.length} jobs are under way. What should happen to them?`,
    detail: [
      list(names),
      'Kept running, the present sheet goes on without Fermata and its result is not lost. The next sheet starts when Fermata is open again. Until then nobody watches token limits.',
      `Cancelling ends ${one ? "the job's" : 'their'} processes. Finished sheets stay.`,
    ].join('\n\n'),
    buttons: ['Keep running in the background', one ? 'Cancel job and quit' : 'Cancel jobs and quit', 'Don’t quit'],
    answers: ['keep', 'cancel_jobs', 'stay'],
  }
}
