import type { z } from 'zod'
import { FermataError } from '../../errors.ts'
import { formatDuration } from '../../output/format.ts'
import { NOTIFICATION_CONFIGS } from '../../score/schema/notifications.ts'
import type { NotificationRule } from '../../score/score.ts'
import { redact } from '../redact.ts'
import type { NotificationEvent, NotificationName } from './event.ts'
import { expand, variable } from './expand.ts'
import type { Message } from './send.ts'

const LONGEST_ERROR = 100

/** Makes the message of an event. @throws FermataError when a variable of the environment is missing */
export type Channel = (event: NotificationEvent, environment: NodeJS.ProcessEnv) => Message

/**
 * How a rule's messages are made; null for kinds that are not sent from here: the desktop's are its app's, e-mail is not supported.
 * @throws FermataError NOTIFICATION_INVALID when its `config` makes no sense, which was told when the score was read
 */
export function channelOf({ type, config }: NotificationRule): Channel | null {
  if (type === 'slack') return slack(read(NOTIFICATION_CONFIGS.slack, type, config))
  if (type === 'webhook') return webhook(read(NOTIFICATION_CONFIGS.webhook, type, config))
  return null
}

function read<T>(schema: z.ZodType<T>, type: string, config: unknown): T {
  const parsed = schema.safeParse(config)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw invalid(type, `\`${issue?.path.join('.')}\` must be ${issue?.message}.`)
}

function invalid(type: string, why: string): FermataError {
  const remedy = 'Correct it in the score; nothing is sent there until then.'
  return new FermataError('NOTIFICATION_INVALID', `The \`config\` of the ${type} notification is wrong: ${why}`, { remedy })
}

/** What tells where to send to, of which one has to be given. */
function addressFor(type: 'slack' | 'webhook', key: string, url: string | null, name: string | null) {
  if (url === null && name === null) throw invalid(type, `it needs \`${key}\` or \`${key}_env\`.`)
  return (environment: NodeJS.ProcessEnv) => (url === null ? variable(name ?? '', environment) : expand(url, environment))
}

function webhook(config: z.output<typeof NOTIFICATION_CONFIGS.webhook>): Channel {
  const addressIn = addressFor('webhook', 'url', config.url, config.url_env)
  return (event, environment) => {
    const headers = Object.entries(config.headers).map(([name, value]) => [name, expand(value, environment)])
    const metadata = config.include_metadata ? { metadata: { source: 'fermata', sent_at: new Date(event.at).toISOString() } } : {}
    return {
      url: addressIn(environment),
      headers: Object.fromEntries(headers),
      body: { event_type: event.name, context: contextOf(event), ...metadata },
      timeoutMs: config.timeout * 1000,
      retries: config.max_retries,
      retryDelayMs: config.retry_delay * 1000,
    }
  }
}

function contextOf(event: NotificationEvent): Record<string, unknown> {
  return {
    job_id: event.jobId,
    job_name: event.jobName,
    sheet_num: event.sheet,
    total_sheets: event.totalSheets,
    completed_sheets: event.completedSheets,
    failed_sheets: event.failedSheets,
    duration_seconds: event.durationMs === null ? null : event.durationMs / 1000,
    error_message: event.error === null ? null : redact(event.error),
  }
}

const COLORS: Record<NotificationName, string> = {
  job_start: '#2f80ed',
  sheet_start: '#2f80ed',
  sheet_complete: '#27ae60',
  job_complete: '#27ae60',
  sheet_failed: '#eb5757',
  job_failed: '#eb5757',
  job_paused: '#f2994a',
}

const HEADLINES: Record<NotificationName, string> = {
  job_start: 'has started',
  sheet_start: 'has started a sheet',
  sheet_complete: 'has completed a sheet',
  job_complete: 'is complete',
  sheet_failed: 'has a sheet that failed',
  job_failed: 'has failed',
  job_paused: 'is paused',
}

function slack(config: z.output<typeof NOTIFICATION_CONFIGS.slack>): Channel {
  const addressIn = addressFor('slack', 'webhook_url', config.webhook_url, config.webhook_url_env)
  return (event, environment) => {
    const { channel, username, icon_emoji } = config
    const looks = Object.fromEntries(Object.entries({ channel, username, icon_emoji }).filter(([, value]) => value !== null))
    const title = `${event.jobName} ${HEADLINES[event.name]}`
    const attachment = {
      color: COLORS[event.name],
      title,
      fallback: title,
      fields: fieldsOf(event),
      ts: Math.floor(event.at / 1000),
    }
    return {
      url: addressIn(environment),
      headers: {},
      body: { text: title, attachments: [attachment], ...looks },
      timeoutMs: config.timeout * 1000,
      retries: config.max_retries,
      retryDelayMs: config.retry_delay * 1000,
    }
  }
}

function fieldsOf({ sheet, totalSheets, completedSheets, failedSheets, durationMs, error }: NotificationEvent) {
  const field = (title: string, value: string, short = true) => ({ title, value, short })
  const progress = sheet === null ? `${completedSheets} of ${totalSheets} sheets` : `Sheet ${sheet} of ${totalSheets}`
  return [
    field('Progress', progress),
    field('Results', `${completedSheets} completed, ${failedSheets} failed`),
    ...(durationMs === null ? [] : [field('Duration', formatDuration(durationMs))]),
    ...(error === null ? [] : [field('Error', shortened(redact(error)), false)]),
  ]
}

const shortened = (text: string): string => (text.length > LONGEST_ERROR ? `${text.slice(0, LONGEST_ERROR - 1)}…` : text)
