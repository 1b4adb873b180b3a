import { z } from 'zod'
import { anyText, between, list, optional, section, settings, text, upTo, within, yes } from './basics.ts'

const EVENTS = ['job_start', 'sheet_start', 'sheet_complete', 'sheet_failed', 'job_complete', 'job_failed', 'job_paused'] as const
const TYPES = ['desktop', 'slack', 'webhook', 'email'] as const

/** Marianne §5.3. What `config` holds differs by type and never keeps a job from running: it is read by itself. */
export const notification = section({
  type: z.enum(TYPES, `one of ${TYPES.join(', ')}`),
  on_events: list(z.enum(EVENTS, `one of ${EVENTS.join(', ')}`), 'a list of events').default(['job_complete', 'job_failed']),
  config: settings.default({}),
})

export type NotificationRule = z.output<typeof notification>

const sending = { max_retries: between(0, 10).default(2), retry_delay: within(0, 60).default(1) }

/** The `config` of each type that a message is sent for. Times in seconds. Keys that none of them has are left out. */
export const NOTIFICATION_CONFIGS = {
  slack: z.object({
    webhook_url: optional(text),
    webhook_url_env: optional(text),
    channel: optional(anyText),
    username: optional(anyText),
    icon_emoji: optional(anyText),
    timeout: upTo(300).default(10),
    ...sending,
  }),
  webhook: z.object({
    url: optional(text),
    url_env: optional(text),
    headers: z.record(z.string(), anyText, 'a mapping of texts').default({}),
    timeout: upTo(300).default(30),
    include_metadata: yes.default(true),
    ...sending,
  }),
} as const
