import type { z } from 'zod'
import { FermataError } from '../../errors.ts'
import { NOTIFICATION_CONFIGS } from '../../score/schema/notifications.ts'
import type { NotificationRule } from '../../score/score.ts'
import type { ChannelSettings } from '../../settings/channels.ts'
import { splitWords } from '../hooks/words.ts'

/** How often and for how long a message is tried to be sent. */
export interface Trying {
  /** For each try. */
  readonly timeoutMs: number
  /** Further tries when the other side fails or does not answer. */
  readonly retries: number
  readonly retryDelayMs: number
}

/** Where a message goes to. Addresses, headers and values may name secrets and variables, see `expand`. */
export type Target =
  | { readonly kind: 'desktop' }
  | ({ readonly kind: 'slack'; readonly url: string; readonly looks: Readonly<Record<string, string>> } & Trying)
  | ({
      readonly kind: 'webhook'
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
      readonly metadata: boolean
    } & Trying)
  | {
      readonly kind: 'command'
      readonly argv: readonly string[]
      readonly env: Readonly<Record<string, string>>
      readonly timeoutMs: number
    }

/** As for scores (Marianne §5.3). */
const USUAL = { retries: 2, retryDelayMs: 1000 }

/** Where a channel of all jobs leads. */
export function targetOf(channel: ChannelSettings): Target {
  switch (channel.kind) {
    case 'desktop':
      return { kind: 'desktop' }
    case 'slack':
      return { kind: 'slack', url: channel.url, looks: {}, timeoutMs: 10_000, ...USUAL }
    case 'webhook':
      return { kind: 'webhook', url: channel.url, headers: channel.headers, metadata: true, timeoutMs: 30_000, ...USUAL }
    case 'command':
      return { kind: 'command', argv: channel.command, env: channel.env, timeoutMs: 30_000 }
  }
}

/**
 * Where a score's rule leads; null for e-mail, which is not supported.
 * @throws FermataError when its `config` makes no sense, which was told when the score was read
 */
export function targetIn({ type, config }: NotificationRule): Target | null {
  if (type === 'desktop') return { kind: 'desktop' }
  if (type === 'email') return null
  if (type === 'command') {
    const { command, timeout } = read(NOTIFICATION_CONFIGS.command, type, config)
    return { kind: 'command', argv: splitWords(command), env: {}, timeoutMs: timeout * 1000 }
  }
  if (type === 'webhook') {
    const given = read(NOTIFICATION_CONFIGS.webhook, type, config)
    const { url, url_env, headers, include_metadata: metadata } = given
    return { kind: 'webhook', url: addressIn(type, url, url_env), headers, metadata, ...tryingOf(given) }
  }
  const given = read(NOTIFICATION_CONFIGS.slack, type, config)
  const { channel, username, icon_emoji } = given
  const looks = Object.entries({ channel, username, icon_emoji }).flatMap(([key, value]) =>
    value === null ? [] : [[key, value]],
  )
  const url = addressIn(type, given.webhook_url, given.webhook_url_env)
  return { kind: 'slack', url, looks: Object.fromEntries(looks), ...tryingOf(given) }
}

const tryingOf = (given: { timeout: number; max_retries: number; retry_delay: number }): Trying => ({
  timeoutMs: given.timeout * 1000,
  retries: given.max_retries,
  retryDelayMs: given.retry_delay * 1000,
})

function addressIn(type: 'slack' | 'webhook', url: string | null, variable: string | null): string {
  if (url !== null) return url
  if (variable !== null) return `\${${variable}}`
  throw invalid(type, type === 'slack' ? 'it needs `webhook_url` or `webhook_url_env`.' : 'it needs `url` or `url_env`.')
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
