import type { Disposer, JobRecord } from '../../ports.ts'
import type { EventBus } from '../event-bus.ts'
import { type NotificationEvent, type NotificationName, notificationFor, wantsDesktop } from './event.ts'
import { createNotificationHealth } from './health.ts'
import { createNotifier } from './notifier.ts'

/** The desktop shows these whether or not a score asks for them. */
const SHOWN_ANYWAY: ReadonlySet<NotificationName> = new Set(['job_complete', 'job_failed', 'job_paused'])

const WORDS: Readonly<Record<NotificationName, string>> = {
  job_start: 'has started',
  job_complete: 'is finished',
  job_failed: 'failed',
  job_paused: 'is paused',
  sheet_start: 'has started',
  sheet_complete: 'is done',
  sheet_failed: 'failed',
}

const titleOf = ({ name, jobName, sheet }: NotificationEvent): string =>
  `${jobName}${sheet === null ? '' : `: sheet ${sheet}`} ${WORDS[name]}`

/** Sends what the scores' `notifications` ask for (Marianne §5.3). A slow or dead address holds up nobody. */
export function attachNotifications(
  bus: EventBus,
  jobOf: (jobId: string) => JobRecord | undefined,
  environment: NodeJS.ProcessEnv,
  onProblem: (message: string) => void,
): Disposer {
  const health = createNotificationHealth((degraded, failures) => {
    if (degraded) onProblem(`${failures} notifications in a row did not arrive.`)
  })
  return bus.on((event) => {
    const job = event.type === 'notice' ? undefined : jobOf(event.jobId)
    if (!job || job.score.notifications.length === 0) return
    const rules = job.score.notifications
    const news = notificationFor(event, job)
    if (!news) return
    if (wantsDesktop(rules, news.name) && !SHOWN_ANYWAY.has(news.name))
      bus.emit({ type: 'notice', jobId: event.jobId, title: titleOf(news), body: news.error ?? '' })
    void createNotifier(rules, { environment, health, onFailure: onProblem }).notify(news)
  })
}
