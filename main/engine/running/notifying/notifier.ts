import { setTimeout as delay } from 'node:timers/promises'
import { FermataError } from '../../errors.ts'
import type { NotificationRule } from '../../score/score.ts'
import { type Channel, channelOf } from './channels.ts'
import type { NotificationEvent } from './event.ts'
import { createNotificationHealth, type NotificationHealth } from './health.ts'
import { send, type Wait } from './send.ts'

export interface Notifier {
  /**
   * Tells everyone whose rule has the event. Never rejects, and holds up nobody who does not wait for it.
   * @returns whether it arrived, by type and place among the rules (`slack 1`); kinds that are not sent from here are left out
   */
  notify(event: NotificationEvent): Promise<Readonly<Record<string, boolean>>>
  /** Rules that cannot be used, a sentence each. */
  readonly problems: readonly string[]
}

export interface NotifierOptions {
  /** Where `${NAME}`, `url_env` and `webhook_url_env` are looked up. */
  readonly environment: NodeJS.ProcessEnv
  /** Shared by all jobs, so that failures in a row are counted over all of them. */
  readonly health?: NotificationHealth
  /** A message did not arrive, and why. Holds no address: those are secrets. */
  readonly onFailure?: (sentence: string) => void
  readonly wait?: Wait
}

interface Line {
  readonly name: string
  readonly rule: NotificationRule
  readonly channel: Channel
}

/** Sends a score's `notifications` of the kinds slack and webhook (Marianne §5.3). None of them ever affects the job. */
export function createNotifier(rules: readonly NotificationRule[], options: NotifierOptions): Notifier {
  const { environment, health = createNotificationHealth(), onFailure = () => {}, wait = (ms) => delay(ms) } = options
  const problems: string[] = []
  const lines: Line[] = []
  for (const [index, rule] of rules.entries()) {
    try {
      const channel = channelOf(rule)
      if (channel) lines.push({ name: `${rule.type} ${index + 1}`, rule, channel })
    } catch (error) {
      problems.push(sentenceOf(error))
    }
  }

  async function tell({ name, channel }: Line, event: NotificationEvent): Promise<boolean> {
    const why = await deliver(channel, event).catch(sentenceOf)
    health.record(why === null)
    if (why !== null) onFailure(`The notification ${name} of "${event.jobName}" did not arrive: ${why}`)
    return why === null
  }

  async function deliver(channel: Channel, event: NotificationEvent): Promise<string | null> {
    return send(channel(event, environment), wait)
  }

  return {
    problems,
    async notify(event) {
      const due = lines.filter(({ rule }) => rule.on_events.includes(event.name))
      const arrived = await Promise.all(due.map(async (line) => [line.name, await tell(line, event)] as const))
      return Object.fromEntries(arrived)
    },
  }
}

const sentenceOf = (error: unknown): string =>
  error instanceof FermataError && error.remedy
    ? `${error.message} ${error.remedy}`
    : error instanceof Error
      ? error.message
      : String(error)
