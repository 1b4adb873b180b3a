import type { EngineEvent, JobRecord } from '../../ports.ts'
import type { JobNews, SheetNews } from '../../scheduling/state.ts'
import { isTimed } from '../../scheduling/statuses.ts'
import type { ChannelSettings } from '../../settings/channels.ts'

/** What a channel can be told of: what a score can ask for (Marianne §5.3), and more for those of all jobs. */
export type NotificationName = ChannelSettings['events'][number]

/** News that may be worth a message. */
export interface NotificationEvent {
  readonly name: NotificationName
  /** The news in a few words, such as "opera failed". */
  readonly title: string
  /** Why, and what comes next; may be empty. */
  readonly body: string
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

type News<From extends string> = Partial<Record<From, readonly [name: NotificationName, words: string]>>

/** What the user just did needs no message, except a pause: it takes time. */
const OF_JOB: News<JobNews> = {
  started: ['job_start', 'has started'],
  completed: ['job_complete', 'is finished'],
  failed: ['job_failed', 'failed'],
  paused: ['job_paused', 'is paused'],
  interrupted: ['job_attention', 'was interrupted'],
  cancelled: ['job_attention', 'was cancelled, but not all of it could be ended'],
  waiting: ['job_attention', 'waits for you'],
  frozen: ['job_attention', 'was frozen'],
  budget_warning: ['budget_warning', 'has nearly used up a budget'],
  budget_limit: ['budget_limit', 'has used up a budget'],
}

const OF_SHEET: News<SheetNews> = {
  started: ['sheet_start', 'has started'],
  completed: ['sheet_complete', 'is done'],
  failed: ['sheet_failed', 'failed'],
}

/**
 * What happened, as channels are told; null for what nobody can ask for, and for waits that end by themselves.
 * @param now epoch ms
 */
export function notificationFor(event: EngineEvent, job: JobRecord, now: number): NotificationEvent | null {
  if (event.type === 'changed') return null
  if (event.type === 'notice')
    return { ...standing(job, null, now), name: 'job_attention', title: event.title, body: event.body, error: event.body }
  const sheet = event.type === 'sheet' ? event.sheet : null
  const news = event.type === 'sheet' ? OF_SHEET[event.news] : OF_JOB[event.news]
  if (!news || (event.type === 'job' && needsNobody(event.news, job))) return null
  const [name, words] = news
  return {
    ...standing(job, sheet, event.at),
    name,
    title: `${job.score.name}${sheet === null ? '' : `: sheet ${sheet}`} ${words}`,
    body: event.reason,
    error: GOOD_NEWS.has(name) ? null : event.reason || null,
  }
}

const GOOD_NEWS: ReadonlySet<NotificationName> = new Set(['job_start', 'sheet_start', 'job_complete', 'sheet_complete'])

/** Its user did it, it goes on by itself, or it waits for an instrument, which is told once for all jobs. */
function needsNobody(news: JobNews, { state }: JobRecord): boolean {
  if (news === 'frozen') return state.frozen?.by === 'user'
  if (news === 'cancelled') return state.survivors.length === 0
  if (news !== 'waiting') return false
  return (
    !state.sheets.some(({ status }) => status === 'fermata') ||
    state.sheets.some((sheet) => isTimed(sheet) && sheet.wakeAt !== null)
  )
}

function standing({ state, score }: JobRecord, sheet: number | null, at: number) {
  const begun = sheet === null ? state.startedAt : (state.sheets[sheet - 1]?.startedAt ?? null)
  const number = (status: 'completed' | 'failed') => state.sheets.filter((candidate) => candidate.status === status).length
  return {
    at,
    jobId: state.id,
    jobName: score.name,
    sheet,
    totalSheets: state.sheets.length,
    completedSheets: number('completed'),
    failedSheets: number('failed'),
    durationMs: begun === null ? null : Math.max(0, at - begun),
  }
}
