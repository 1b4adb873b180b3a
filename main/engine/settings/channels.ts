import { z } from 'zod'
import { NOTIFICATION_EVENTS } from '../score/schema/notifications.ts'

/** What channels of all jobs can tell beyond what a score can ask for: `job_attention` is a job that waits for its user. */
export const CHANNEL_EVENTS = [...NOTIFICATION_EVENTS, 'job_attention', 'budget_warning', 'budget_limit'] as const

const TOLD_BY_DEFAULT: readonly ChannelEvent[] = [
  'job_complete',
  'job_failed',
  'job_paused',
  'job_attention',
  'budget_warning',
  'budget_limit',
]

type ChannelEvent = (typeof CHANNEL_EVENTS)[number]

const common = {
  /** By this name it is shown and tested. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'a name of lower-case letters, digits and dashes'),
  events: z.array(z.enum(CHANNEL_EVENTS)).default([...TOLD_BY_DEFAULT]),
}

/** Whoever knows such an address can write there: it is named, not kept. */
const reference = z
  .string()
  .max(500)
  .regex(/^secret:[\w.-]+$|\$\{[\w:.-]+\}/, 'must name a secret (secret:NAME) or a variable of the environment (${NAME})')

const values = z.record(z.string().min(1).max(200), z.string().max(4000)).default({})

/**
 * Where news of all jobs go to. `secret:NAME` and `${secret:NAME}` stand for what is kept in the keychain, `${NAME}` for a
 * variable of the environment.
 */
const channel = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('desktop'), ...common }),
  z.strictObject({ kind: z.literal('slack'), ...common, url: reference }),
  z.strictObject({ kind: z.literal('webhook'), ...common, url: z.string().min(1).max(2000), headers: values }),
  z.strictObject({
    kind: z.literal('command'),
    ...common,
    /** The program and its arguments: no shell line. What happened comes as JSON on its standard input, and in FERMATA_… */
    command: z.array(z.string().max(4000)).min(1).max(100),
    /** Further variables of its environment. */
    env: values,
  }),
])

export type ChannelSettings = z.output<typeof channel>

export const channels = z
  .array(channel)
  .max(20)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'two channels have the same id')
  .default([{ id: 'desktop', kind: 'desktop', events: [...TOLD_BY_DEFAULT] }])
