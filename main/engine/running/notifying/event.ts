import type { EngineEvent, JobRecord } from '../../ports.ts'
import type { JobNews, SheetNews } from '../../scheduling/state.ts'
import type { NotificationRule } from '../../score/score.ts'

/** What a score can ask to be told of (Marianne §5.3). */
export type NotificationName = NotificationRule['on_events'][number]

/** News that may be worth a message. */
export interface NotificationEvent {
  readonly name: NotificationName
  /** Epoch ms. */
  readonly at: number
  readonly jobId: string
  readonly jobName: string
  /** Null for news of the whole job. */
  readonly sheet: number | null
  readonly totalSheets: number
  readonly completedSheets: number
  readonly failedSheets: number
  /** Of the sheet or the job, in ms; null while unknown. */
  readonly durationMs: number | null
  /** Why it failed or paused; null when it did not. */
  readonly error: string | null
}

const OF_JOB: Partial<Record<JobNews, NotificationName>> = {
  started: 'job_start',
  completed: 'job_complete',
  failed: 'job_failed',
  paused: 'job_paused',
}

const OF_SHEET: Partial<Record<SheetNews, NotificationName>> = {
  started: 'sheet_start',
  completed: 'sheet_complete',
  failed: 'sheet_failed',
}

/** What happened in a score's words for notifications; null for what no score can ask for. */
export function notificationFor(event: EngineEvent, { state, score }: JobRecord): NotificationEvent | null {
  if (event.type === 'changed' || event.type === 'notice') return null
  const sheet = event.type === 'sheet' ? event.sheet : null
  const name = event.type === 'sheet' ? OF_SHEET[event.news] : OF_JOB[event.news]
  if (name === undefined) return null
  const begun = sheet === null ? state.startedAt : (state.sheets[sheet - 1]?.startedAt ?? null)
  const number = (status: 'completed' | 'failed') => state.sheets.filter((candidate) => candidate.status === status).length
  return {
    name,
    at: event.at,
    jobId: event.jobId,
    jobName: score.name,
    sheet,
    totalSheets: state.sheets.length,
    completedSheets: number('completed'),
    failedSheets: number('failed'),
    durationMs: begun === null ? null : Math.max(0, event.at - begun),
    error: event.news === 'failed' || event.news === 'paused' ? event.reason || null : null,
  }
}

/** Whether the desktop shows this, as the score's rules want it. */
export function wantsDesktop(rules: readonly NotificationRule[], name: NotificationName): boolean {
  return rules.some((rule) => rule.type === 'desktop' && rule.on_events.includes(name))
}
