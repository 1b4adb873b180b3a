import { join } from 'node:path'
import { loadCatalogue } from './instruments/catalogue.ts'
import { createJobService, type JobService } from './job-service.ts'
import type { Clock, Disposer, EngineEvent, Launcher } from './ports.ts'
import { createLauncher } from './processes/launcher.ts'
import { createLogReader } from './processes/log-window.ts'
import { systemClock } from './running/clock.ts'
import { Conductor } from './running/conductor.ts'
import { createEventBus } from './running/event-bus.ts'
import { watchLiveness } from './running/liveness.ts'
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
  const store = createJobStore(openDatabase(dataDir), { onProblem })
  try {
    return assemble()
  } catch (error) {
    store.close()
    throw error
  }

  function assemble(): Engine {
    const bus = createEventBus((error) => onProblem('A listener failed.', error))
    const conductor = new Conductor({
      dataDir,
      assetsDir,
      store,
      clock,
      launcher,
      catalogue,
      bus,
      environment: options.environment ?? process.env,
      maxConcurrentSheets: options.maxConcurrentSheets ?? DEFAULT_CONCURRENT_SHEETS,
      onProblem,
    })
    const liveness = watchLiveness(
      () => new Map(conductor.attempts().map(({ record }) => [record.folder, record.jobId])),
      (jobId) => conductor.touch(jobId),
    )
    const stopLiveness = bus.on(() => liveness.wake())
    const jobs = createJobService({
      conductor,
      store,
      catalogue,
      clock,
      logs: createLogReader(),
      lastOutputAt: liveness.lastOutputAt,
    })
    conductor.recover()

    return {
      jobs,
      events: { on: bus.on },
      async close() {
        stopLiveness()
        liveness.close()
        await conductor.close()
        store.close()
      },
    }
  }
}
