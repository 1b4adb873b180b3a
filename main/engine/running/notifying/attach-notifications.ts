import { setTimeout as delay } from 'node:timers/promises'
import { FermataError } from '../../errors.ts'
import type { JobRecord } from '../../ports.ts'
import type { Redact } from '../../redaction/redactor.ts'
import { isTerminalJob } from '../../scheduling/statuses.ts'
import type { ChannelSettings } from '../../settings/channels.ts'
import type { NotificationChannel, NotificationReadiness } from '../../views.ts'
import type { EventBus } from '../event-bus.ts'
import { faultOf, type Means } from './deliver.ts'
import { type NotificationEvent, notificationFor } from './event.ts'
import { createNotificationHealth } from './health.ts'
import { type Channel, channelsIn, channelsOf, dueFor, tell } from './notifier.ts'
import type { Target } from './target.ts'

/** What is under way when Fermata goes is given so many ms. */
const LAST_WAIT_MS = 3000
const LONGEST_TRIAL_MS = 10_000

export interface NotificationParts extends Means {
  readonly bus: EventBus
  readonly redact: Redact
  jobs(): readonly JobRecord[]
  jobOf(jobId: string): JobRecord | undefined
  /** As its user set them. */
  channels(): readonly ChannelSettings[]
  /** Epoch ms. */
  now(): number
  onProblem(message: string): void
}

export interface Notifications {
  readiness(): NotificationReadiness
  /** Sends a message to try it out. @throws FermataError CHANNEL_UNKNOWN */
  test(channelId: string): Promise<NotificationChannel>
  /** Tells no more; resolves when what was under way has arrived, or after 3 s. */
  close(): Promise<void>
}

/** Tells the user's channels and those that scores ask for (Marianne §5.3). A slow or dead one holds up nobody, and no job. */
export function attachNotifications(parts: NotificationParts): Notifications {
  const { bus, redact, onProblem, now } = parts
  const health = createNotificationHealth(now, (failures) => onProblem(`${failures} notifications in a row did not arrive.`))
  const notifying = { means: parts, health, redact, onFailure: onProblem }
  const underWay = new Set<Promise<unknown>>()
  const own = () => channelsOf(parts.channels())
  const ofScore = ({ score }: JobRecord) => channelsIn(score.name, score.notifications)

  const stop = bus.on((event) => {
    const job = parts.jobOf(event.jobId)
    const news = job && notificationFor(event, job, now())
    if (!news) return
    const told = withoutSecrets(news, redact)
    for (const channel of dueFor(news.name, own(), ofScore(job))) {
      const telling: Promise<unknown> = tell(channel, told, notifying).finally(() => underWay.delete(telling))
      underWay.add(telling)
    }
  })

  function viewOf({ name, target }: Channel): NotificationChannel {
    const problem = faultOf(target, parts)
    const { lastDeliveredAt = null, lastFailure = null, failing = false } = health.of(name) ?? {}
    const known = lastDeliveredAt === null ? 'unused' : 'ready'
    return {
      name,
      kind: target.kind,
      state: problem !== null ? 'unusable' : failing ? 'failing' : known,
      problem,
      lastDeliveredAt,
      lastFailure,
    }
  }

  return {
    readiness() {
      const unfinished = parts.jobs().filter(({ state }) => !isTerminalJob(state.status))
      const asked = unfinished.flatMap(ofScore).filter(({ target }) => target.kind !== 'desktop')
      const channels = new Map([...own(), ...asked].map((channel) => [channel.name, channel]))
      const since = health.degradedSince()
      return { degraded: since !== null, since, channels: [...channels.values()].map(viewOf) }
    },
    async test(channelId) {
      const channel = own().find(({ name }) => name === channelId)
      if (!channel) throw new FermataError('CHANNEL_UNKNOWN', `There is no channel "${channelId}".`)
      // Somebody waits for the answer and sees it there.
      await tell({ ...channel, target: onceOnly(channel.target) }, trial(now()), { ...notifying, onFailure: () => {} })
      return viewOf(channel)
    },
    async close() {
      stop()
      const waited = new AbortController()
      const longest = delay(LAST_WAIT_MS, undefined, { signal: waited.signal, ref: false }).catch(() => {})
      await Promise.race([Promise.allSettled(underWay), longest])
      waited.abort()
    },
  }
}

/** Tried once, and not for long. */
const onceOnly = (target: Target): Target =>
  target.kind === 'slack' || target.kind === 'webhook' ? { ...target, retries: 0, timeoutMs: LONGEST_TRIAL_MS } : target

const withoutSecrets = (news: NotificationEvent, redact: Redact): NotificationEvent => ({
  ...news,
  title: redact(news.title),
  body: redact(news.body),
  error: news.error === null ? null : redact(news.error),
})

const trial = (at: number): NotificationEvent => ({
  name: 'job_complete',
  title: 'Fermata: a test message',
  body: 'News of your jobs arrive here.',
  at,
  jobId: 'test',
  jobName: 'A test',
  sheet: null,
  totalSheets: 1,
  completedSheets: 1,
  failedSheets: 0,
  durationMs: null,
  error: null,
})
