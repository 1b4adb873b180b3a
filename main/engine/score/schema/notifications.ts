import { z } from 'zod'
import { anyText, between, list, optional, section, settings, text, upTo, within, yes } from './basics.ts'

/** What a score can ask to be told of. */
export const NOTIFICATION_EVENTS = [
  'job_start',
  'sheet_start',
  'sheet_complete',
  'sheet_failed',
  'job_complete',
  'job_failed',
  'job_paused',
] as const
const TYPES = ['desktop', 'slack', 'webhook', 'command', 'email'] as const

/** Marianne §5.3. What `config` holds differs by type and never keeps a job from running: it is read by itself. */
export const notification = section({
  type: z.enum(TYPES, `one of ${TYPES.join(', ')}`),
  on_events: list(z.enum(NOTIFICATION_EVENTS, `one of ${NOTIFICATION_EVENTS.join(', ')}`), 'a list of events').default([
    'job_complete',
    'job_failed',
  ]),
  config: settings.default({}),
})

export type NotificationRule = z.output<typeof notification>

const CLOSED_QUOTES = /^(?:[^"'\\]|\\[\s\S]|"(?:[^"\\]|\\[\s\S])*"|'[^']*')*$/

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
  /** Fermata's own: a program with its arguments, run without a shell. */
  command: z.object({ command: text.regex(CLOSED_QUOTES, 'a command whose quotes are closed'), timeout: upTo(300).default(30) }),
} as const
