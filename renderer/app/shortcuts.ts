import type { JobSummary } from '../../preload/contract.ts'
import { groupJobs, neighbour } from '../features/jobs/group.ts'
import { sheetToWatch } from '../lib/status.ts'
import type { App } from '../state/app-context.ts'
import type { View } from '../state/app-store.ts'

/** What the keys do, as the shortcut sheet lists it. `Mod` is Ctrl, or ⌘ on a Mac. */
export const SHORTCUTS: readonly { readonly keys: readonly string[]; readonly does: string }[] = [
  { keys: ['↑', '↓', 'J', 'K'], does: 'Choose a job, or a sheet of the open job' },
  { keys: ['Enter'], does: 'Open the job' },
  { keys: ['Space', 'P'], does: 'Pause after this sheet, or resume' },
  { keys: ['F'], does: 'Freeze now, or thaw' },
  { keys: ['Del'], does: 'Cancel the job (asks first)' },
  { keys: ['O', 'Mod O'], does: 'Open a score' },
  { keys: ['Mod F'], does: 'Search the log (on a job’s page)' },
  { keys: ['End'], does: 'Follow the end of the log (in the log)' },
  { keys: ['Mod I'], does: 'Instruments' },
  { keys: ['Mod U'], does: 'Usage' },
  { keys: ['Mod ,'], does: 'Settings' },
  { keys: ['Esc'], does: 'Back to the list, or close what is open' },
  { keys: ['?'], does: 'Show these shortcuts' },
]

/** Carries out what a key pressed anywhere in the window means; keys a control needs for itself are left to it. */
export function handleKey(event: KeyboardEvent, app: App): void {
  // Some pages have dialogs of their own.
  if (event.defaultPrevented || app.store.getState().dialog || document.querySelector('dialog[open]')) return
  const act = meaningOf(event, app)
  if (!act) return
  // Also keeps the application menu from answering the same key once more.
  event.preventDefault()
  act()
}

function meaningOf(event: KeyboardEvent, app: App): (() => void) | null {
  const { store, commands } = app
  const { view } = store.getState()
  const target = event.target instanceof Element ? event.target : document.body
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  if (event.ctrlKey || event.metaKey) {
    if (key === 'o') return () => void commands.openScore()
    if (key === 'i' && !event.shiftKey && !event.altKey) return store.showInstruments
    if (key === 'u' && !event.shiftKey && !event.altKey) return store.showUsage
    if (key === ',') return store.showSettings
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  const isTyping = target.closest('input:not([type=radio], [type=checkbox]), textarea, select')
  if (isTyping) return null

  const job = jobAtHand(app)
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return isOfJobs(view) ? () => step(app, 1) : null
    case 'ArrowUp':
    case 'k':
      return isOfJobs(view) ? () => step(app, -1) : null
    case 'Enter':
      return job && view.name === 'jobs' && !target.closest('button, a') ? () => store.showJob(job.id) : null
    case ' ':
      return target.closest('button') ? null : toggle(app, job)
    case 'p':
      return toggle(app, job)
    case 'f':
      if (job?.can.thaw) return () => void commands.thaw(job.id)
      return job?.can.freeze ? () => void commands.freeze(job.id) : null
    case 'Delete':
    case 'Backspace':
      return job?.can.cancel ? () => store.openDialog({ kind: 'cancel', jobId: job.id }) : null
    case 'o':
      return () => void commands.openScore()
    case 'Escape':
      return view.name === 'jobs' ? null : store.showJobs
    case '?':
      return () => store.openDialog({ kind: 'shortcuts' })
    default:
      return null
  }
}

/** The list of jobs, or one of them: elsewhere no key is about a job. */
const isOfJobs = ({ name }: View): boolean => name === 'jobs' || name === 'job'

/** The job a key is about: the open one, else the selected one. */
function jobAtHand({ store }: App): JobSummary | undefined {
  const { view, selectedJobId, projection } = store.getState()
  if (!isOfJobs(view)) return undefined
  const id = view.name === 'job' ? view.jobId : selectedJobId
  return id === null ? undefined : projection.jobs.get(id)
}

function toggle({ commands }: App, job: JobSummary | undefined): (() => void) | null {
  if (job?.can.pause) return () => void commands.pause(job.id)
  return job?.can.resume ? () => void commands.resume(job.id) : null
}

function step({ store }: App, by: 1 | -1): void {
  const { view, projection, showOlder, selectedJobId } = store.getState()
  if (view.name === 'job') {
    const job = projection.jobs.get(view.jobId)
    if (job) store.showSheet(Math.min(job.totalSheets, Math.max(1, (view.sheet ?? sheetToWatch(job.sheetStatuses)) + by)))
    return
  }
  const next = neighbour(groupJobs(projection.jobs.values()), showOlder, selectedJobId, by)
  if (next !== null) store.select(next, { focus: true })
}
