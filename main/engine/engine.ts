import { join } from 'node:path'
import { loadCatalogue } from './instruments/catalogue.ts'
import type { JobService } from './job-service.ts'
import { createLearning } from './learning/learning.ts'
import { outcomeOf, placeOf } from './learning/outcome.ts'
import { LimitCoordinator } from './limits/coordinator.ts'
import { capOutputWithin } from './logs/cap-output.ts'
import { createLogReader } from './logs/log-window.ts'
import { redactedLogs } from './logs/redacted-logs.ts'
import { createLogSearch } from './logs/search.ts'
import type { Clock, Disposer, EngineEvent, Launcher, Secrets, ShowNotice } from './ports.ts'
import { openPrices } from './prices/prices.ts'
import { createPricing } from './prices/pricing.ts'
import { createLauncher } from './processes/launcher.ts'
import { createRedactor } from './redaction/redactor.ts'
import { telling } from './redaction/telling.ts'
import { answersFrom } from './running/answers.ts'
import { attachLiveness } from './running/attach-liveness.ts'
import { attachPressure } from './running/attach-pressure.ts'
import { capacityIn } from './running/capacity-in.ts'
import { systemClock } from './running/clock.ts'
import { Conductor } from './running/conductor.ts'
import { createEventBus } from './running/event-bus.ts'
import { followUp } from './running/follow-up.ts'
import { createGatekeeper } from './running/gatekeeper.ts'
import { attachDay } from './running/metering/attach-day.ts'
import { attachMetering } from './running/metering/attach-metering.ts'
import { priceFor } from './running/metering/price-for.ts'
import { attachNotifications } from './running/notifying/attach-notifications.ts'
import { freeMemoryPercent } from './running/pressure-watch.ts'
import { keepPruning } from './running/pruning.ts'
import { STOP_GRACE_MS } from './running/stop-grace.ts'
import { createWorkplaces } from './running/workspace/workplaces.ts'
import { isTerminalJob } from './scheduling/statuses.ts'
import { createJobService } from './service/create-job-service.ts'
import { tokenThresholds } from './settings/settings.ts'
import { openSettings } from './settings/settings-file.ts'
import { mirrored } from './storage/backends/mirrored-store.ts'
import { startBackups } from './storage/backups.ts'
import { openDatabase } from './storage/database.ts'
import { createJobStore } from './storage/job-store.ts'
import { safeguarded } from './storage/safeguarded-store.ts'
import { settleLoss } from './storage/settle-loss.ts'
import { createStandingStore } from './storage/standing-store.ts'
import { createUsageDays } from './storage/usage-days.ts'

/** Sheets of all jobs that may run at once unless told otherwise: what one person's computer and accounts bear. */
const DEFAULT_CONCURRENT_SHEETS = 8
const NO_VALUES: readonly string[] = []
const NO_SECRETS: Secrets = { get: () => null, values: () => NO_VALUES }

export interface EngineOptions {
  /** Absolute path of the folder that holds the database, the attempts and the user's instruments. Created when missing. */
  readonly dataDir: string
  /** Absolute path of the bundled `assets` folder. */
  readonly assetsDir: string
  readonly maxConcurrentSheets?: number
  /** Environment of the attempts; that of this process unless given. */
  readonly environment?: NodeJS.ProcessEnv
  /** What the user's notification channels may name; none unless given. */
  readonly secrets?: Secrets
  /** Shows notifications on the desktop; without it there is none. */
  readonly showNotice?: ShowNotice
  readonly clock?: Clock
  readonly launcher?: Launcher
  /** Percent of the computer's memory that is free; null where that cannot be told. */
  readonly freeMemoryPercent?: () => number | null
  /** Something went wrong that no job can be blamed for; written to stderr unless given. */
  readonly onProblem?: (message: string, error?: unknown) => void
}

export interface Engine {
  readonly jobs: JobService
  readonly events: { on(listener: (event: EngineEvent) => void): Disposer }
  /** Lets go of everything: attempts run on and are adopted by the next engine of this data folder. */
  close(): Promise<void>
}

/**
 * Starts the job engine on a data folder: opens its database, adopts what ran when the last engine went away, and goes on.
 * Works the same under the desktop app, the command line and the tests.
 *
 * @throws StorageError when the folder is used by another Fermata, or its database is corrupt or newer than this program
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { dataDir, assetsDir } = options
  const environment = options.environment ?? process.env
  const secrets = options.secrets ?? NO_SECRETS
  const redactor = createRedactor(environment, secrets.values)
  const { redact } = redactor
  const onProblem = telling(options.onProblem ?? ((...what: unknown[]) => console.error('fermata:', ...what)), redact)
  const clock = options.clock ?? systemClock
  const catalogue = await loadCatalogue([join(assetsDir, 'instruments'), join(dataDir, 'instruments')])
  for (const { file, line, column, message } of catalogue.problems) onProblem(`${file}:${line}:${column}: ${message}`)

  const launcher = options.launcher ?? createLauncher()
  const database = openDatabase(dataDir)
  const backups = startBackups(database.file, { clock, onProblem })
  const store = mirrored(safeguarded(createJobStore(database, { onProblem }), database, backups), dataDir, onProblem)
  try {
    await settleLoss({ dataDir, database, store, launcher, graceMs: STOP_GRACE_MS, now: clock.now(), onProblem })
    return assemble()
  } catch (error) {
    await backups.close()
    store.close()
    throw error
  }

  function assemble(): Engine {
    const bus = createEventBus((error) => onProblem('A listener failed.', error))
    const settings = openSettings(join(dataDir, 'settings.json'), onProblem)
    const prices = openPrices(join(assetsDir, 'prices.json'), join(dataDir, 'prices.json'), onProblem)
    const pricing = createPricing(prices.find)
    const learning = createLearning(database, {
      enabled: () => settings.current().learning,
      onChange: backups.changed,
      onProblem,
    })
    const limits: LimitCoordinator = new LimitCoordinator({
      maxSheets: options.maxConcurrentSheets ?? DEFAULT_CONCURRENT_SHEETS,
      capacityOf: capacityIn(catalogue),
      pressure: () => pressure.now() ?? day.blocked(),
      store: createStandingStore(database, onProblem),
    })
    const capOutput = capOutputWithin(settings.current, onProblem)
    const searches = createLogSearch(redactor.secretsIn)
    const answerOf = answersFrom(store, catalogue)
    const workplaces = createWorkplaces(environment, onProblem)
    const gatekeeper = createGatekeeper({
      ...{ dataDir, catalogue, clock, launcher, environment, answerOf, redact, capOutput, onProblem },
      exitStatusOf: ({ state }, sheet) => store.attempts(state.id, sheet).at(-1)?.exitStatus ?? null,
    })
    const conductor: Conductor = new Conductor({
      dataDir,
      assetsDir,
      store,
      clock,
      launcher,
      catalogue,
      bus,
      environment,
      limits,
      preparationFor: (job) => ({
        assetsDir,
        environment,
        tokenThresholds: tokenThresholds(settings.current()),
        answerOf: (sheet) => answerOf(job, sheet),
        redact,
        memory: learning,
        place: () => workplaces.placeFor(job),
      }),
      gatekeeper,
      runHooks: (job, run) =>
        followUp(job, {
          dataDir,
          environment,
          redact,
          launcher,
          clock,
          capOutput,
          ...run,
          // Whoever has paused the job meanwhile does not want the next one to start.
          submit: (path, how) => {
            const pausing = conductor.job(job.state.id)?.state.intent === 'pause'
            return jobs.submit(path, pausing ? { ...how, hold: true } : how)
          },
        }),
      capOutput,
      asksOnReturn: () => settings.current().onReturn === 'ask',
      priceFor: (profile, score) => priceFor(pricing, profile, score),
      seen: (marker) => metering.of(marker).usage,
      onAttemptEnd: (job, attempt) => {
        if (attempt.usage) day.note(job, attempt, attempt.usage, metering.modelOf(attempt.marker), true)
        const outcome = outcomeOf(attempt, clock)
        if (outcome) learning.record(placeOf(job, attempt.sheet, attempt.choice), outcome)
      },
      onEnd: (job) => workplaces.close(job),
      redact,
      onProblem,
    })
    const usageDays = createUsageDays(database)
    const day = attachDay({ conductor, bus, days: usageDays, clock, limits: settings.current, onProblem })
    const metering = attachMetering({ conductor, catalogue, pricing, day, clock, onProblem })
    const liveness = attachLiveness({ conductor, launcher, capOutput, onLook: () => pressure.relieve() })
    const pressure = attachPressure({
      ...{ conductor, launcher },
      limits: settings.current,
      processes: liveness.processes,
      freeMemoryPercent: options.freeMemoryPercent ?? freeMemoryPercent,
    })
    const notifications = attachNotifications({
      ...{ bus, environment, secrets, redact, onProblem },
      showNotice: options.showNotice ?? null,
      jobs: () => conductor.jobs(),
      jobOf: (id) => conductor.job(id),
      channels: () => settings.current().channels,
      now: clock.now,
    })
    const stopWatching = bus.on(() => {
      liveness.wake()
      metering.wake()
    })
    const jobs: JobService = createJobService({
      conductor,
      store,
      catalogue,
      clock,
      logs: redactedLogs(createLogReader(), redactor),
      searches,
      limits,
      environment,
      dataDir,
      launcher,
      liveness,
      metering,
      day,
      usageDays,
      learning,
      prices,
      settings,
      notifications,
      redact,
    })
    conductor.recover()
    const pruning = keepPruning({
      attemptsRoot: join(dataDir, 'attempts'),
      settings: settings.current,
      isLive: (id) => !isTerminalJob(conductor.job(id)?.state.status ?? 'completed'),
      onProblem,
    })

    return {
      jobs,
      events: { on: bus.on },
      async close() {
        stopWatching()
        liveness.close()
        metering.close()
        pruning.close()
        searches.close()
        await conductor.close()
        await notifications.close()
        await workplaces.idle()
        await backups.close()
        store.close()
      },
    }
  }
}
