import { reasonOfJob, wordOfJob } from '../../../preload/contract-words.ts'
import type { JobSummary, LimitMode } from '../../engine/index.ts'
import { type Attention, needsAttention } from '../jobs/attention.ts'
import { isActive, isFrozen, isHeld } from '../jobs/groups.ts'
import { quittingLabel } from '../lifecycle/quit-question.ts'

export type TrayIcon = 'idle' | 'running' | 'paused' | 'attention'

/** What a click on a menu item means. */
export type TrayCommand =
  | { readonly type: JobCommandType; readonly jobId: string }
  | { readonly type: AppCommandType }
  | { readonly type: 'retry_instrument'; readonly instrument: string }
  | {
      readonly type: 'set_limit'
      readonly instrument: string
      readonly model: string | null
      readonly mode: LimitMode | 'now'
    }

type JobCommandType = 'open_job' | 'pause_job' | 'resume_job' | 'freeze_job' | 'thaw_job' | 'cancel_job'
type AppCommandType = 'pause_all' | 'resume_all' | 'open_window' | 'open_instruments' | 'quit' | 'stay'

/** Ids are stable: the same thing has the same id whatever stands around it. */
export type TrayItem =
  | {
      readonly kind: 'command'
      readonly id: string
      readonly label: string
      readonly enabled: boolean
      /** Of several that exclude each other, whether this one holds. */
      readonly checked?: boolean
      readonly command: TrayCommand
    }
  | {
      readonly kind: 'menu'
      readonly id: string
      readonly label: string
      readonly enabled: boolean
      readonly items: readonly TrayItem[]
    }
  | { readonly kind: 'note'; readonly id: string; readonly label: string }
  | { readonly kind: 'separator'; readonly id: string }

export interface TrayModel {
  readonly icon: TrayIcon
  readonly tooltip: string
  readonly items: readonly TrayItem[]
}

/** Longest label, in characters. */
export const MAX_LABEL = 60
/** The reason stands in a submenu of its own and ends with what matters most: when it goes on. */
export const MAX_REASON = 140
/** Rows before "and 3 more": a menu taller than the screen scrolls badly. */
const MAX_ROWS = 12

/** Cuts the text to `length` characters, whole symbols only. */
function shorten(text: string, length: number): string {
  const symbols = [...text]
  return symbols.length <= length
    ? text
    : `${symbols
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`
}

const runs = (job: JobSummary): boolean => job.status === 'running' || job.status === 'pausing'

function iconFor(jobs: readonly JobSummary[], attention: Attention): TrayIcon {
  if (jobs.some((job) => needsAttention(job, attention))) return 'attention'
  if (jobs.some(runs)) return 'running'
  // Bars for everything that is under way and does not move now: paused, waiting, queued, interrupted.
  return jobs.some(isActive) ? 'paused' : 'idle'
}

function tooltipFor(jobs: readonly JobSummary[], attention: Attention): string {
  const count = (matches: (job: JobSummary) => boolean) => jobs.filter(matches).length
  const needy = count((job) => needsAttention(job, attention))
  const left = jobs.reduce((sum, { survivors }) => sum + survivors.length, 0)
  const parts = [
    [count(runs), 'running'],
    [count(({ status }) => status === 'queued'), 'queued'],
    [count(({ status }) => status === 'waiting'), 'waiting'],
    [count((job) => job.status === 'paused' && !isFrozen(job)), 'paused'],
    [count(isFrozen), 'frozen'],
    [needy, needy === 1 ? 'needs you' : 'need you'],
    [left, left === 1 ? 'process left over' : 'processes left over'],
  ] as const
  const told = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`)
  return `Fermata: ${told.join(', ') || 'no active jobs'}`
}

function rowLabel(job: JobSummary): string {
  const sheets = job.totalSheets === 1 ? 'sheet' : 'sheets'
  const left = job.survivors.length > 0 ? `, ${job.survivors.length} left over` : ''
  const tail = ` · ${job.completedSheets} of ${job.totalSheets} ${sheets} · ${wordOfJob(job)}${left}`
  return shorten(job.name, MAX_LABEL - tail.length) + tail
}

function jobMenu(job: JobSummary, isQuitting: boolean): TrayItem {
  const { id: jobId, can } = job
  const id = (part: string) => `job:${jobId}:${part}`
  const command = (type: JobCommandType, label: string, enabled: boolean): TrayItem => ({
    kind: 'command',
    id: id(type),
    label,
    enabled,
    command: { type, jobId },
  })
  const name = shorten(job.name, MAX_LABEL - 'Cancel “” now'.length)
  return {
    kind: 'menu',
    id: `job:${jobId}`,
    label: rowLabel(job),
    enabled: true,
    items: [
      { kind: 'note', id: id('reason'), label: shorten(reasonOfJob(job), MAX_REASON) },
      { kind: 'separator', id: id('separator') },
      command('open_job', 'Open', true),
      command('pause_job', 'Pause after this sheet', can.pause),
      // Nothing more starts in a Fermata that waits to quit.
      command('resume_job', 'Resume', can.resume && !isQuitting),
      // Not there at all where nothing runs, or where the system cannot.
      ...(job.frozen ? [command('thaw_job', 'Thaw', can.thaw)] : []),
      ...(can.freeze ? [command('freeze_job', 'Freeze now', true)] : []),
      {
        // The question is a menu of its own: asked once, and a slip of the mouse cancels nothing.
        kind: 'menu',
        id: id('cancel'),
        label: 'Cancel…',
        enabled: can.cancel,
        items: [
          { kind: 'note', id: id('cancel_note'), label: 'Ends its processes. Finished sheets stay.' },
          command('cancel_job', `Cancel “${name}” now`, can.cancel),
        ],
      },
    ],
  }
}

function rows(jobs: readonly JobSummary[], isQuitting: boolean): readonly TrayItem[] {
  if (jobs.length === 0) return [{ kind: 'note', id: 'no_jobs', label: 'No active jobs' }]
  const left = jobs.length - MAX_ROWS
  const shown = jobs.slice(0, MAX_ROWS).map((job) => jobMenu(job, isQuitting))
  if (left <= 0) return shown
  return [...shown, { kind: 'command', id: 'more', label: `and ${left} more…`, enabled: true, command: { type: 'open_window' } }]
}

/**
 * What the tray shows: a row per active job, and per finished one that left processes over or that nobody looked at since it
 * failed.
 *
 * @param jobs in the order their rows get
 * @param quitting how many sheets Fermata still waits for before it quits; null when it does not quit
 * @param limits what keeps instruments from being used, from `limitItems`
 */
export function trayModel(
  jobs: readonly JobSummary[],
  attention: Attention,
  quitting: number | null = null,
  limits: readonly TrayItem[] = [],
): TrayModel {
  const all = (type: AppCommandType, label: string, enabled = true): TrayItem => ({
    kind: 'command',
    id: type,
    label,
    enabled,
    command: { type },
  })
  const isShown = (job: JobSummary) => isActive(job) || job.survivors.length > 0 || needsAttention(job, attention)
  return {
    icon: iconFor(jobs, attention),
    tooltip: tooltipFor(jobs, attention),
    items: [
      ...rows(jobs.filter(isShown), quitting !== null),
      ...(limits.length === 0 ? [] : [{ kind: 'separator' as const, id: 'separator:limits' }, ...limits]),
      { kind: 'separator', id: 'separator:jobs' },
      all(
        'pause_all',
        'Pause all',
        jobs.some(({ can }) => can.pause),
      ),
      all('resume_all', 'Resume all', quitting === null && jobs.some(isHeld)),
      { kind: 'separator', id: 'separator:app' },
      all('open_window', 'Open Fermata'),
      ...(quitting === null
        ? []
        : [{ kind: 'note' as const, id: 'quitting', label: quittingLabel(quitting) }, all('stay', 'Don’t quit')]),
      all('quit', quitting === null ? 'Quit' : 'Quit…'),
    ],
  }
}
