import { join } from 'node:path'
import { type Catalogue, loadCatalogue } from './instruments/catalogue.ts'
import type { JobService } from './job-service.ts'
import { type Capacity, DEFAULT_CAPACITY, LimitCoordinator } from './limits/coordinator.ts'
import { DEFAULT_TOKEN_THRESHOLDS, type TokenThresholds } from './limits/tokens.ts'
import { capLogs } from './logs/cap-logs.ts'
import { createLogReader } from './logs/log-window.ts'
import { createLogSearch } from './logs/search.ts'
import type { Clock, Disposer, EngineEvent, Launcher } from './ports.ts'
import { createLauncher } from './processes/launcher.ts'
import { answersFrom } from './running/answers.ts'
import { systemClock } from './running/clock.ts'
import { Conductor } from './running/conductor.ts'
import { createEventBus } from './running/event-bus.ts'
import { followUp } from './running/follow-up.ts'
import { admit, type GatekeeperParts, needsLook } from './running/gatekeeper.ts'
import { watchLiveness } from './running/liveness.ts'
import { attachNotifications } from './running/notifying/attach-notifications.ts'
import { freeMemoryPercent, watchPressure } from './running/pressure-watch.ts'
import { keepPruning } from './running/pruning.ts'
import { STOP_GRACE_MS } from './running/stop-grace.ts'
import { createWorkplaces } from './running/workspace/workplaces.ts'
import { isTerminalJob } from './scheduling/statuses.ts'
import { createJobService } from './service/create-job-service.ts'
import { openSettings } from './settings/settings-file.ts'
import { mirrored } from './storage/backends/mirrored-store.ts'
import { startBackups } from './storage/backups.ts'
import { openDatabase } from './storage/database.ts'
import { createJobStore } from './storage/job-store.ts'
import { safeguarded } from './storage/safeguarded-store.ts'
import { settleLoss } from './storage/settle-loss.ts'

/** Sheets of all jobs that may run at once unless told otherwise: what one person's computer and accounts bear. */
const DEFAULT_CONCURRENT_SHEETS = 8
const MB = 1024 * 1024

export interface EngineOptions {
  /** Absolute path of the folder that holds the database, the attempts and the user's instruments. Created when missing. */
  readonly dataDir: string
  /** Absolute path of the bundled `assets` folder. */
  readonly assetsDir: string
  readonly maxConcurrentSheets?: number
  /** Tokens of a prompt from which its user is warned, and from which it is not sent; 0 switches one off. */
  readonly tokenThresholds?: TokenThresholds
  /** Environment of the attempts; that of this process unless given. */
  readonly environment?: NodeJS.ProcessEnv
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
  const onProblem = options.onProblem ?? ((...what: unknown[]) => console.error('fermata:', ...what))
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
    const environment = options.environment ?? process.env
    const settings = openSettings(join(dataDir, 'settings.json'), onProblem)
    const limits: LimitCoordinator = new LimitCoordinator(
      options.maxConcurrentSheets ?? DEFAULT_CONCURRENT_SHEETS,
      capacityIn(catalogue),
      () => pressure.now(),
    )
    /** Only while its instrument writes: a cut in a log that is being read would take its end away. */
    const capOutput = async (folder: string): Promise<void> => {
      const { logLimitMb } = settings.current()
      if (logLimitMb === 0) return
      await capLogs(folder, logLimitMb * MB).catch((error: unknown) =>
        onProblem(`The output in ${folder} could not be cut.`, error),
      )
    }
    const searches = createLogSearch()
    const answerOf = answersFrom(store, catalogue)
    const workplaces = createWorkplaces(environment, onProblem)
    const gate: GatekeeperParts = {
      ...{ dataDir, catalogue, clock, launcher, environment, answerOf, onProblem },
      exitStatusOf: ({ state }, sheet) => store.attempts(state.id, sheet).at(-1)?.exitStatus ?? null,
    }
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
        tokenThresholds: options.tokenThresholds ?? DEFAULT_TOKEN_THRESHOLDS,
        answerOf: (sheet) => answerOf(job, sheet),
        place: () => workplaces.placeFor(job),
      }),
      admission: (job, sheet, signal) => (needsLook(job, sheet) ? admit(job, sheet, gate, signal) : null),
      runHooks: (job, run) =>
        followUp(job, {
          dataDir,
          environment,
          launcher,
          clock,
          ...run,
          // Whoever has paused the job meanwhile does not want the next one to start.
          submit: (path, how) => {
            const pausing = conductor.job(job.state.id)?.state.intent === 'pause'
            return jobs.submit(path, pausing ? { ...how, hold: true } : how)
          },
        }),
      capOutput,
      asksOnReturn: () => settings.current().onReturn === 'ask',
      onEnd: (job) => workplaces.close(job),
      onProblem,
    })
    const liveness = watchLiveness({
      running: () => conductor.attempts(),
      launcher,
      onChange: (jobId) => conductor.touch(jobId),
      // Something went on that is to stand still: a process that was born late, or somebody's signal.
      onSample: (attempt, { processes, frozen }) => {
        if (attempt.phase === 'frozen' && processes > 0 && !frozen) attempt.freeze()
      },
      onLook: () => pressure.relieve(),
      tend: async (attempt) => {
        if (attempt.phase === 'running') await capOutput(attempt.record.folder)
      },
    })
    const pressure = watchPressure({
      limits: settings.current,
      processes: liveness.processes,
      freeMemoryPercent: options.freeMemoryPercent ?? freeMemoryPercent,
      jobs: () => conductor.jobs(),
      freeze: (jobId) => launcher.canFreeze && conductor.apply(jobId, { type: 'freeze', by: 'pressure' }),
      thaw: (jobId) => conductor.apply(jobId, { type: 'thaw' }),
    })
    const stopNotifying = attachNotifications(bus, (id) => conductor.job(id), environment, onProblem)
    const stopLiveness = bus.on(() => liveness.wake())
    const jobs: JobService = createJobService({
      conductor,
      store,
      catalogue,
      clock,
      logs: createLogReader(),
      searches,
      limits,
      environment,
      dataDir,
      launcher,
      liveness,
      settings,
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
        stopLiveness()
        stopNotifying()
        liveness.close()
        pruning.close()
        searches.close()
        await conductor.close()
        await workplaces.idle()
        await backups.close()
        store.close()
      },
    }
  }
}

/** Sheets at once as the profiles say it, by model; an instrument whose profile is gone gets the usual. */
function capacityIn(catalogue: Catalogue): (instrument: string) => Capacity {
  return (instrument) => {
    const models = catalogue.list().find(({ name }) => name === instrument)?.models ?? []
    return { instrument: DEFAULT_CAPACITY, models: new Map(models.map(({ name, max_concurrent }) => [name, max_concurrent])) }
  }
}
