import type { JobService, JobSummary } from '../../engine/index.ts'
import { pauseAll, resumeAll } from '../jobs/commands.ts'
import type { LogFollowing } from '../jobs/log-following.ts'
import { createLogSearch } from '../jobs/log-search.ts'
import type { SecretStore } from '../secrets/secret-store.ts'
import type { Handlers } from './answer.ts'
import type { JobFeed } from './job-feed.ts'

export interface HandlerParts {
  readonly jobs: JobService
  readonly feed: JobFeed
  /** The page asks for its first snapshot: from now on it listens. */
  readonly pageListens: () => void
  /** Shows the file dialog and runs the chosen score; null when none was chosen. */
  readonly openScore: () => Promise<JobSummary | null>
  readonly submitDemo: () => Promise<JobSummary>
  /** @throws FermataError when the folder cannot be shown */
  readonly openFolder: (path: string) => Promise<void>
  /** Which log the page follows from now on; null: none. */
  readonly follow: LogFollowing['follow']
  readonly secrets: SecretStore
  /** Takes back that Fermata quits when the sheets in flight are done. */
  readonly stay: () => void
}

/** What each call of the contract does. */
export function createHandlers(parts: HandlerParts): Handlers {
  const { jobs, feed, pageListens, openScore, submitDemo, openFolder, stay, follow, secrets } = parts
  const secretNames = async () => ({ names: secrets.names(), safe: await secrets.isSafe() })
  return {
    'jobs.snapshot': () => {
      // First: a batch between the two is sent twice rather than not at all.
      pageListens()
      return feed.snapshot()
    },
    'jobs.detail': ({ jobId }) => jobs.status(jobId),
    'jobs.submit': ({ scorePath }) => jobs.submit(scorePath),
    'jobs.openScore': openScore,
    'jobs.submitDemo': submitDemo,
    'jobs.pause': ({ jobId }) => jobs.pause(jobId),
    'jobs.resume': ({ jobId }) => jobs.resume(jobId),
    'jobs.cancel': ({ jobId }) => jobs.cancel(jobId),
    'jobs.freeze': ({ jobId }) => jobs.freeze(jobId),
    'jobs.thaw': ({ jobId }) => jobs.thaw(jobId),
    'jobs.endSurvivors': ({ jobId }) => jobs.endSurvivors(jobId),
    'jobs.retrySheet': ({ jobId, sheet }) => jobs.retrySheet(jobId, sheet),
    'jobs.skipSheet': ({ jobId, sheet }) => jobs.skipSheet(jobId, sheet),
    'jobs.decide': ({ jobId, sheet, decision }) => jobs.decide(jobId, sheet, decision),
    'jobs.pauseAll': () => pauseAll(jobs),
    'jobs.resumeAll': () => resumeAll(jobs),
    'logs.follow': (log) => {
      follow(log)
      return null
    },
    'logs.window': ({ jobId, sheet, attempt, stream, from, count }) => jobs.logWindow(jobId, sheet, attempt, stream, from, count),
    'logs.search': createLogSearch(jobs),
    'jobs.openWorkspace': async ({ jobId }) => {
      await openFolder((await jobs.status(jobId)).workspace)
      return null
    },
    'settings.get': jobs.settings,
    'settings.change': jobs.changeSettings,
    'jobs.setBudget': ({ jobId, scope, tokens, usd }) => jobs.setBudget(jobId, scope, { tokens, usd }),
    'instruments.list': ({ how }) => jobs.instruments(how),
    'instruments.retry': ({ instrument }) => {
      jobs.retryInstrument(instrument)
      return null
    },
    'instruments.setLimit': ({ instrument, model, mode }) => {
      jobs.setLimit(instrument, model, mode)
      return null
    },
    'usage.report': ({ since }) => jobs.usageReport(since),
    'prices.get': jobs.prices,
    'prices.set': ({ model, price }) => jobs.setPrice(model, price),
    'learning.insights': jobs.learning.insights,
    'learning.forget': ({ score }) => ({ outcomes: jobs.learning.forget(score ?? undefined) }),
    'notifications.readiness': jobs.notifications,
    'notifications.test': ({ channel }) => jobs.testNotification(channel),
    'secrets.list': secretNames,
    'secrets.set': async ({ name, value }) => {
      await secrets.set(name, value)
      return secretNames()
    },
    'secrets.remove': async ({ name }) => {
      await secrets.remove(name)
      return secretNames()
    },
    'app.stay': () => {
      stay()
      return null
    },
  }
}
