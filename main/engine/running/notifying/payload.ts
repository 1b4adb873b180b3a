import { formatDuration } from '../../output/format.ts'
import { shorten } from '../sharing/shorten.ts'
import type { NotificationEvent, NotificationName } from './event.ts'

/** Characters (Marianne §5.3). */
const LONGEST_ERROR = 100

/** What happened, for programs (Marianne §5.3). */
export function payloadOf(event: NotificationEvent, metadata: boolean): Readonly<Record<string, unknown>> {
  const context = {
    job_id: event.jobId,
    job_name: event.jobName,
    sheet_num: event.sheet,
    total_sheets: event.totalSheets,
    completed_sheets: event.completedSheets,
    failed_sheets: event.failedSheets,
    duration_seconds: event.durationMs === null ? null : event.durationMs / 1000,
    error_message: event.error,
  }
  const sent = metadata ? { metadata: { source: 'fermata', sent_at: new Date(event.at).toISOString() } } : {}
  return { event_type: event.name, title: event.title, context, ...sent }
}

const BLUE = '#2f80ed'
const GREEN = '#27ae60'
const RED = '#eb5757'
const ORANGE = '#f2994a'

const COLORS: Record<NotificationName, string> = {
  job_start: BLUE,
  sheet_start: BLUE,
  sheet_complete: GREEN,
  job_complete: GREEN,
  sheet_failed: RED,
  job_failed: RED,
  job_paused: ORANGE,
  job_attention: ORANGE,
  budget_warning: ORANGE,
  budget_limit: RED,
}

/** The same as a message in Slack. */
export function slackMessage(
  event: NotificationEvent,
  looks: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  const { title, at, name } = event
  const attachment = { color: COLORS[name], title, fallback: title, fields: fieldsOf(event), ts: Math.floor(at / 1000) }
  return { text: title, attachments: [attachment], ...looks }
}

function fieldsOf({ sheet, totalSheets, completedSheets, failedSheets, durationMs, error }: NotificationEvent) {
  const field = (title: string, value: string, short = true) => ({ title, value, short })
  const progress = sheet === null ? `${completedSheets} of ${totalSheets} sheets` : `Sheet ${sheet} of ${totalSheets}`
  return [
    field('Progress', progress),
    field('Results', `${completedSheets} completed, ${failedSheets} failed`),
    ...(durationMs === null ? [] : [field('Duration', formatDuration(durationMs))]),
    ...(error === null ? [] : [field('Error', shorten(error, LONGEST_ERROR, 'start'), false)]),
  ]
}
