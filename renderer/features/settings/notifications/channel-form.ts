import type { Channel, ChannelEvent, Kind } from './words.ts'
import { USUAL_EVENTS } from './words.ts'

/** A channel as it is typed. */
export interface Draft {
  readonly kind: Kind
  readonly id: string
  readonly url: string
  /** `Name: value`, one a line. */
  readonly headers: string
  /** The program and its arguments, one a line. */
  readonly command: string
  /** `NAME=value`, one a line. */
  readonly env: string
  readonly events: readonly ChannelEvent[]
}

type Faults = Readonly<Partial<Record<'id' | 'url' | 'headers' | 'command' | 'env', string>>>

const EMPTY: Draft = { kind: 'slack', id: 'slack', url: '', headers: '', command: '', env: '', events: USUAL_EVENTS }

/** What the dialog begins with. */
export function draftOf(channel: Channel | null, takenIds: readonly string[]): Draft {
  if (!channel) return withKind(EMPTY, 'slack', takenIds)
  const { kind, id, events } = channel
  const lines = (texts: Readonly<Record<string, string>>, between: string) =>
    Object.entries(texts)
      .map(([name, value]) => `${name}${between}${value}`)
      .join('\n')
  return {
    ...EMPTY,
    ...{ kind, id, events },
    ...(kind === 'slack' || kind === 'webhook' ? { url: channel.url } : {}),
    ...(kind === 'webhook' ? { headers: lines(channel.headers, ': ') } : {}),
    ...(kind === 'command' ? { command: channel.command.join('\n'), env: lines(channel.env, '=') } : {}),
  }
}

/** Of another kind, with a name that is free. */
export function withKind(draft: Draft, kind: Kind, takenIds: readonly string[]): Draft {
  let id: string = kind
  for (let number = 2; takenIds.includes(id); number += 1) id = `${kind}-${number}`
  return { ...draft, kind, id }
}

const linesOf = (text: string): readonly string[] => text.split('\n').flatMap((line) => line.trim() || [])

/** What is wrong with it, by field; what main can tell only is told when it is kept. */
export function faultsOf(draft: Draft, takenIds: readonly string[]): Faults {
  const { kind, id, url } = draft
  return {
    ...(/^[a-z0-9][a-z0-9-]{0,39}$/.test(id) ? {} : { id: 'Lower-case letters, digits and dashes, at most 40.' }),
    ...(takenIds.includes(id) ? { id: 'Another channel has this name.' } : {}),
    ...(kind === 'slack' && !isAddress(url) && !isReference(url)
      ? { url: 'An address that begins with https://, secret:NAME, or ${NAME} of the environment.' }
      : {}),
    ...(kind === 'webhook' && !isAddress(url, 'http') && !isReference(url)
      ? { url: 'An address that begins with http:// or https://, secret:NAME, or ${NAME} of the environment.' }
      : {}),
    ...(kind === 'webhook' && !readPairs(draft.headers, ':') ? { headers: 'Each line needs a name, a colon and a value.' } : {}),
    ...(kind === 'command' && linesOf(draft.command).length === 0
      ? { command: 'The program to run, and its arguments below.' }
      : {}),
    ...(kind === 'command' && !readPairs(draft.env, '=') ? { env: 'Each line needs NAME=value.' } : {}),
  }
}

/** Whoever knows such an address can write there: it is kept as a secret. */
export const isAddress = (url: string, scheme: 'https' | 'http' = 'https'): boolean =>
  (scheme === 'http' ? /^https?:\/\/\S+$/ : /^https:\/\/\S+$/).test(url.trim())

const isReference = (url: string): boolean => /^secret:[\w.-]+$|\$\{[\w:.-]+\}/.test(url.trim())

/** The name a Slack address is kept under. */
export const secretNameOf = ({ id }: Draft): string => `${id}-address`

/** The channel that was typed; only without faults. */
export function channelOf({ kind, id, url, headers, command, env, events }: Draft): Channel {
  const common = { id, events: [...events] }
  switch (kind) {
    case 'desktop':
      return { kind, ...common }
    case 'slack':
      return { kind, ...common, url: url.trim() }
    case 'webhook':
      return { kind, ...common, url: url.trim(), headers: readPairs(headers, ':') ?? {} }
    case 'command':
      return { kind, ...common, command: [...linesOf(command)], env: readPairs(env, '=') ?? {} }
  }
}

/** Null where a line is none. */
function readPairs(text: string, between: ':' | '='): Record<string, string> | null {
  const pairs: Record<string, string> = {}
  for (const line of linesOf(text)) {
    const at = line.indexOf(between)
    if (at <= 0) return null
    pairs[line.slice(0, at).trim()] = line.slice(at + 1).trim()
  }
  return pairs
}
