import type { EngineEvent, JobNews, JobSummary } from '../../engine/index.ts'

/** A notification's text and the job a click on it shows; null shows the list. */
export interface Notice {
  readonly title: string
  readonly body: string
  readonly jobId: string | null
}

/** News worth a notification, in words that follow the job's name. What the user just did needs none, except a pause: it takes time. */
const WORDS: Readonly<Partial<Record<JobNews, string>>> = {
  completed: 'is finished',
  failed: 'failed',
  paused: 'is paused',
  interrupted: 'was interrupted',
  cost_warning: 'has nearly used up its money',
  waiting: 'waits for you',
}

/** What to tell about an event, or null when it is not worth it. A wait that ends by itself is not. */
export function noticeFor(event: EngineEvent & { type: 'job' }, job: JobSummary): Notice | null {
  const words = event.news === 'frozen' && job.frozen?.by === 'pressure' ? 'was frozen' : WORDS[event.news]
  if (!words || (event.news === 'waiting' && job.wakeAt !== null)) return null
  return { title: `${job.name} ${words}`, body: event.reason || job.reason, jobId: job.id }
}

/** Many notices as one. */
export function digest(notices: readonly Notice[]): Notice {
  const [only] = notices
  if (only && notices.length === 1) return only
  const titles = notices.slice(0, 4).map(({ title }) => title)
  const left = notices.length - titles.length
  return {
    title: `${notices.length} jobs have news`,
    body: [...titles, ...(left > 0 ? [`and ${left} more`] : [])].join('\n'),
    jobId: null,
  }
}
