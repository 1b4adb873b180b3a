import type { JobSummary, SheetStatus } from '../../preload/contract.ts'
import { type JobWord, wordOfJob } from '../../preload/contract-words.ts'

/** A running attempt, as a job's summary tells of it. */
export type Attempt = JobSummary['running'][number]

/** What a colour may mean. */
export type Role = 'run' | 'ok' | 'wait' | 'pause' | 'fail' | 'skip' | 'idle'

/** The word for a status and the role of its colour. */
export interface Face {
  readonly word: string
  readonly role: Role
}

const JOB: Readonly<Record<JobWord, Face>> = {
  queued: { word: 'Queued', role: 'idle' },
  running: { word: 'Running', role: 'run' },
  pausing: { word: 'Pausing', role: 'pause' },
  paused: { word: 'Paused', role: 'pause' },
  waiting: { word: 'Waiting', role: 'wait' },
  interrupted: { word: 'Interrupted', role: 'wait' },
  completed: { word: 'Completed', role: 'ok' },
  failed: { word: 'Failed', role: 'fail' },
  cancelled: { word: 'Cancelled', role: 'skip' },
  cancelling: { word: 'Cancelling', role: 'skip' },
  freezing: { word: 'Freezing', role: 'pause' },
  frozen: { word: 'Frozen', role: 'pause' },
  thawing: { word: 'Thawing', role: 'pause' },
  checking: { word: 'Checking', role: 'run' },
}

const SHEET: Readonly<Record<SheetStatus, Face>> = {
  pending: { word: 'Pending', role: 'idle' },
  ready: { word: 'Ready', role: 'idle' },
  dispatched: { word: 'Starting', role: 'run' },
  in_progress: { word: 'Running', role: 'run' },
  waiting: { word: 'Waiting', role: 'wait' },
  retry_scheduled: { word: 'Retry planned', role: 'wait' },
  fermata: { word: 'Held', role: 'wait' },
  completed: { word: 'Completed', role: 'ok' },
  failed: { word: 'Failed', role: 'fail' },
  skipped: { word: 'Skipped', role: 'skip' },
  cancelled: { word: 'Cancelled', role: 'skip' },
}

/** The word and the colour's role of a job. */
export const faceOfJob = (job: Parameters<typeof wordOfJob>[0]): Face => JOB[wordOfJob(job)]

/** What a job is called from the click on until the command is answered. */
export const ASKED: Readonly<Record<string, string>> = {
  pause: 'Pausing…',
  resume: 'Resuming…',
  cancel: 'Cancelling…',
  freeze: 'Freezing…',
  thaw: 'Thawing…',
}

/** What a sheet at work is called when its processes do not just run. */
const PHASE: Readonly<Partial<Record<Attempt['phase'], Face>>> = {
  frozen: { word: 'Frozen', role: 'pause' },
  stopping: { word: 'Ending', role: 'skip' },
  checking: { word: 'Checking', role: 'run' },
}

/** The word and the colour's role of a sheet, and of its attempt while it is at work. */
export function faceOfSheet(status: SheetStatus, attempt?: Pick<Attempt, 'phase'>): Face {
  return (attempt && PHASE[attempt.phase]) ?? SHEET[status]
}

export function isSheetRunning(status: SheetStatus): boolean {
  return status === 'dispatched' || status === 'in_progress'
}

/** The sheet (number, from 1) worth looking at when nobody chose one: at work, else held up, else failed, else the last that ended. */
export function sheetToWatch(statuses: readonly SheetStatus[]): number {
  const index = [
    statuses.findIndex(isSheetRunning),
    statuses.findIndex((status) => status === 'fermata' || status === 'waiting' || status === 'retry_scheduled'),
    statuses.indexOf('failed'),
    statuses.findLastIndex((status) => status === 'completed' || status === 'cancelled'),
  ].find((found) => found !== -1)
  return (index ?? 0) + 1
}

/** Output this recent (ms) counts as a sign of life. */
const RECENT = 5000

/** Whether any of the job's processes wrote something in the last five seconds. What is frozen shows no life. */
export function showsLife(job: JobSummary, now: number): boolean {
  return job.frozen === null && job.running.some((attempt) => isLively(attempt, now))
}

/** Whether the attempt runs and wrote something in the last five seconds. */
export function isLively({ phase, lastOutputAt }: Attempt, now: number): boolean {
  return phase === 'running' && lastOutputAt !== null && now - lastOutputAt < RECENT
}

/** Newest sign of output of any running attempt (epoch ms), or null. */
export function lastOutput(job: JobSummary): number | null {
  return job.running.reduce<number | null>(
    (newest, { lastOutputAt }) => (lastOutputAt !== null && (newest === null || lastOutputAt > newest) ? lastOutputAt : newest),
    null,
  )
}

/**
 * How long the job has been at it (ms), or null when that would be a guess: it has not begun,
 * or it stands still and nobody recorded since when.
 */
export function elapsed(job: JobSummary, now: number): number | null {
  if (job.startedAt === null) return null
  if (job.completedAt !== null) return job.completedAt - job.startedAt
  return job.status === 'paused' || job.status === 'interrupted' ? null : now - job.startedAt
}

/** Whether "Resume all" lets this job go on; it never starts a failed or cancelled one over. */
export const isHeld = (job: JobSummary): boolean =>
  job.can.resume && (job.status === 'paused' || job.status === 'pausing' || job.status === 'interrupted')
