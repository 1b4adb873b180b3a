import type { JobSummary } from '../../engine/index.ts'
import { goesOn, isFrozen } from '../jobs/groups.ts'

export type QuitAnswer = 'keep' | 'pause_jobs' | 'cancel_jobs' | 'stay'

/** What to ask before quitting. `answers` belong to the buttons, in their order. */
export interface QuitQuestion {
  readonly message: string
  readonly detail: string
  readonly buttons: readonly string[]
  readonly answers: readonly QuitAnswer[]
  readonly usual: QuitAnswer
}

/** The most names a dialog lists. */
const NAMED = 5

function list(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).map((name) => `• ${name}`)
  const left = names.length - shown.length
  return [...shown, ...(left > 0 ? [`• and ${left} more`] : [])].join('\n')
}

/** What earlier stops could not end: whoever quits should know that it runs on. */
function leftOver(jobs: readonly JobSummary[]): string[] {
  return jobs.flatMap(({ name, survivors }) => {
    if (survivors.length === 0) return []
    const what = survivors.length === 1 ? `Process ${survivors[0]}` : `Processes ${survivors.join(', ')}`
    return [`${what} of ${name} could not be ended and ${survivors.length === 1 ? 'runs' : 'run'} on.`]
  })
}

const done = (sheets: number): string => (sheets === 1 ? '1 sheet is done' : `${sheets} sheets are done`)

/** What Fermata waits for before it quits, in a line for a menu. */
export const quittingLabel = (sheets: number): string => (sheets === 0 ? 'Quitting…' : `Quitting when ${done(sheets)}…`)

/**
 * The question, or null when nothing goes on and nothing stands frozen: then quitting loses nothing. What is being cancelled
 * is named, but there is nothing to choose for it: Fermata ends it before it quits.
 *
 * @param quitting how many sheets Fermata waits for already, because it was asked to pause and quit; else null
 */
export function quitQuestion(jobs: readonly JobSummary[], quitting: number | null = null): QuitQuestion | null {
  const going = jobs.filter(goesOn)
  const frozen = jobs.filter((job) => isFrozen(job) && !job.cancelling)
  const cancelling = jobs.filter((job) => job.cancelling)
  const count = going.length + frozen.length
  if (count === 0) return null
  const one = count === 1
  const choices: readonly (readonly [string, QuitAnswer])[] = [
    [going.length > 0 ? 'Keep running in the background' : 'Leave frozen and quit', 'keep'],
    ...(going.length > 0 ? [[quitting === null ? 'Pause, then quit' : 'Go on waiting, then quit', 'pause_jobs'] as const] : []),
    [one ? 'Cancel job and quit' : 'Cancel jobs and quit', 'cancel_jobs'],
    ['Don’t quit', 'stay'],
  ]
  return {
    message: messageFor(going.length, frozen.length, quitting),
    detail: [
      list([
        ...going.map(({ name }) => name),
        ...frozen.map(({ name }) => `${name} (frozen)`),
        ...cancelling.map(({ name }) => `${name} (is being cancelled)`),
      ]),
      ...(going.length > 0
        ? [
            'Kept running, the present sheet goes on without Fermata and its result is not lost. The next sheet starts when Fermata is open again. Until then nobody watches token limits.',
            'Paused, the sheets that run are waited for and no other one starts; then Fermata quits. The jobs stay paused until you resume them.',
          ]
        : []),
      ...(frozen.length > 0 ? ['What is frozen stays frozen, and keeps its memory, until you thaw it in Fermata.'] : []),
      ...(cancelling.length > 0 ? ['What is being cancelled is ended before Fermata quits, whatever you choose.'] : []),
      ...leftOver(jobs),
      `Cancelling ends ${one ? "the job's" : 'their'} processes. Finished sheets stay.`,
    ].join('\n\n'),
    buttons: choices.map(([label]) => label),
    answers: choices.map(([, answer]) => answer),
    usual: quitting === null || going.length === 0 ? 'keep' : 'pause_jobs',
  }
}

function messageFor(going: number, frozen: number, quitting: number | null): string {
  if (quitting !== null && quitting > 0) return `Fermata quits when ${done(quitting)}. Is that still what you want?`
  const count = going + frozen
  const state = going > 0 ? 'under way' : 'frozen'
  return count === 1 ? `A job is ${state}. What should happen to it?` : `${count} jobs are ${state}. What should happen to them?`
}
