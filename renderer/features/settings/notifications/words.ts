import type { Readiness, Settings } from '../../../../preload/contract.ts'
import type { Role } from '../../../lib/status.ts'

export type Channel = Settings['channels'][number]
export type Kind = Channel['kind']
export type ChannelEvent = Channel['events'][number]
export type Health = Readiness['channels'][number]

export const KINDS: readonly { readonly value: Kind; readonly title: string }[] = [
  { value: 'desktop', title: 'Desktop' },
  { value: 'slack', title: 'Slack' },
  { value: 'webhook', title: 'Webhook' },
  { value: 'command', title: 'Command' },
]

/** What a channel can tell, in the order of the page. */
export const EVENTS: readonly { readonly event: ChannelEvent; readonly title: string }[] = [
  { event: 'job_attention', title: 'A job needs me' },
  { event: 'job_failed', title: 'A job failed' },
  { event: 'job_complete', title: 'A job is completed' },
  { event: 'job_paused', title: 'A job is paused' },
  { event: 'job_start', title: 'A job starts' },
  { event: 'budget_warning', title: 'A budget is nearly used up' },
  { event: 'budget_limit', title: 'A budget is used up' },
  { event: 'sheet_failed', title: 'A sheet failed' },
  { event: 'sheet_complete', title: 'A sheet is completed' },
  { event: 'sheet_start', title: 'A sheet starts' },
]

/** What a new channel tells: what somebody who is away wants to know. */
export const USUAL_EVENTS: readonly ChannelEvent[] = [
  'job_complete',
  'job_failed',
  'job_paused',
  'job_attention',
  'budget_warning',
  'budget_limit',
]

export const STATE: Readonly<Record<Health['state'], { readonly word: string; readonly role: Role }>> = {
  ready: { word: 'Arrives', role: 'ok' },
  failing: { word: 'Does not arrive', role: 'fail' },
  unusable: { word: 'Cannot be used', role: 'fail' },
  unused: { word: 'Not used yet', role: 'idle' },
}

/** `7 of 10 kinds of news`, or their names where they are few. */
export function eventsText(events: readonly ChannelEvent[]): string {
  if (events.length === 0) return 'tells nothing'
  if (events.length === EVENTS.length) return 'tells everything'
  const titles = EVENTS.filter(({ event }) => events.includes(event)).map(({ title }) => title.replace(/^A /, 'a '))
  return titles.length <= 3
    ? `tells: ${titles.join('; ')}`
    : `tells: ${titles.slice(0, 2).join('; ')} and ${titles.length - 2} more`
}

/** Where it leads, as far as that may be shown. */
export function placeText(channel: Channel): string {
  if (channel.kind === 'desktop') return 'this computer'
  return channel.kind === 'command' ? channel.command.join(' ') : channel.url
}
