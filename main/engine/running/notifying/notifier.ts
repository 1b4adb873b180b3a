import type { Redact } from '../../redaction/redactor.ts'
import type { NotificationRule } from '../../score/score.ts'
import type { ChannelSettings } from '../../settings/channels.ts'
import { deliver, type Means } from './deliver.ts'
import type { NotificationEvent, NotificationName } from './event.ts'
import type { NotificationHealth } from './health.ts'
import { type Target, targetIn, targetOf } from './target.ts'

/** Somebody who is told. */
export interface Channel {
  /** Its id, or for a score's own the score's name, its kind and its place among the rules: `opera: slack 1`. */
  readonly name: string
  readonly target: Target
  readonly events: readonly NotificationName[]
}

/** The channels of all jobs. */
export const channelsOf = (settings: readonly ChannelSettings[]): readonly Channel[] =>
  settings.map((channel) => ({ name: channel.id, target: targetOf(channel), events: channel.events }))

/** Those a score asks for (Marianne §5.3). Rules that cannot be used are left out: that was told when the score was read. */
export function channelsIn(scoreName: string, rules: readonly NotificationRule[]): readonly Channel[] {
  return rules.flatMap((rule, index) => {
    try {
      const target = targetIn(rule)
      return target ? [{ name: `${scoreName}: ${rule.type} ${index + 1}`, target, events: rule.on_events }] : []
    } catch {
      return []
    }
  })
}

/** Who is told of an event. The desktop shows it once, and what scores ask of it only where its user has one. */
export function dueFor(name: NotificationName, own: readonly Channel[], ofScore: readonly Channel[]): readonly Channel[] {
  const desktop = own.find(({ target }) => target.kind === 'desktop')
  const asked = ofScore.filter(({ events }) => events.includes(name))
  const due = [...own.filter(({ events }) => events.includes(name)), ...asked.filter(({ target }) => target.kind !== 'desktop')]
  const isAsked = asked.some(({ target }) => target.kind === 'desktop')
  return desktop && isAsked && !due.includes(desktop) ? [desktop, ...due] : due
}

export interface NotifierParts {
  readonly means: Means
  readonly health: NotificationHealth
  readonly redact: Redact
  /** A channel began to fail, and why. Holds no address: those are secrets. */
  readonly onFailure: (sentence: string) => void
}

/** Tells a channel; whether it arrived. Where there is no desktop nothing is missed by not showing it. */
export async function tell(channel: Channel, event: NotificationEvent, parts: NotifierParts): Promise<boolean> {
  const { means, health, redact, onFailure } = parts
  if (channel.target.kind === 'desktop' && !means.showNotice) return false
  const told = await deliver(event, channel.target, means)
  const why = told === null ? null : redact(told)
  const isNew = health.record(channel.name, why)
  if (isNew) onFailure(`The notification "${channel.name}" of "${event.jobName}" did not arrive: ${why}`)
  return why === null
}
