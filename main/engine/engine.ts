import { join } from 'node:path'
import { type Catalogue, loadCatalogue } from './instruments/catalogue.ts'
import { createJobService, type JobService } from './job-service.ts'
import { type Capacity, DEFAULT_CAPACITY, LimitCoordinator } from './limits/coordinator.ts'
import { DEFAULT_TOKEN_THRESHOLDS, type TokenThresholds } from './limits/tokens.ts'
import type { Clock, Disposer, EngineEvent, Launcher } from './ports.ts'
import { createLauncher } from './processes/launcher.ts'
import { createLogReader } from './processes/log-window.ts'
import { answersFrom } from './running/answers.ts'
import { systemClock } from './running/clock.ts'
import { Conductor } from './running/conductor.ts'
import { createEventBus } from './running/event-bus.ts'
import { followUp } from './running/follow-up.ts'
import { admit, type GatekeeperParts, needsLook } from './running/gatekeeper.ts'
import { watchLiveness } from './running/liveness.ts'
import { attachNotifications } from './running/notifying/attach-notifications.ts'
import { createWorkplaces } from './running/workspace/workplaces.ts'
import { mirrored } from './storage/backends/mirrored-store.ts'
import { openDatabase } from './storage/database.ts'
import { createJobStore } from './storage/job-store.ts'

/** Sheets of all jobs that may run at once unless told otherwise: what one person's computer and accounts bear. */
const DEFAULT_CONCURRENT_SHEETS = 8

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
  const store = mirrored(createJobStore(openDatabase(dataDir), { onProblem }), dataDir, onProblem)
  try {
    return assemble()
  } catch (error) {
    store.close()
    throw error
  }

  function assemble(): Engine {
    const bus = createEventBus((error) => onProblem('A listener failed.', error))
    const environment = options.environment ?? process.env
    const limits = new LimitCoordinator(options.maxConcurrentSheets ?? DEFAULT_CONCURRENT_SHEETS, capacityIn(catalogue))
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
      runHooks: (job, signal, onDone) =>
        followUp(job, {
          dataDir,
          environment,
          launcher,
          clock,
          signal,
          onDone,
          // Whoever has paused the job meanwhile does not want the next one to start.
          submit: (path, how) => {
            const pausing = conductor.job(job.state.id)?.state.intent === 'pause'
            return jobs.submit(path, pausing ? { ...how, hold: true } : how)
          },
        }),
      onEnd: (job) => workplaces.close(job),
      onProblem,
    })
    const liveness = watchLiveness(
      () => new Map(conductor.attempts().map(({ record }) => [record.folder, record.jobId])),
      (jobId) => conductor.touch(jobId),
    )
    const stopNotifying = attachNotifications(bus, (id) => conductor.job(id), environment, onProblem)
    const stopLiveness = bus.on(() => liveness.wake())
    const jobs: JobService = createJobService({
      conductor,
      store,
      catalogue,
      clock,
      logs: createLogReader(),
      limits,
      environment,
      dataDir,
      lastOutputAt: liveness.lastOutputAt,
    })
    conductor.recover()

    return {
      jobs,
      events: { on: bus.on },
      async close() {
        stopLiveness()
        stopNotifying()
        liveness.close()
        await conductor.close()
        await workplaces.idle()
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
