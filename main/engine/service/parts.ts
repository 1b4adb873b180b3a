import type { Catalogue } from '../instruments/catalogue.ts'
import type { LimitCoordinator } from '../limits/coordinator.ts'
import type { LogReader } from '../logs/log-window.ts'
import type { LogSearch } from '../logs/search.ts'
import type { Clock, JobStore, Launcher } from '../ports.ts'
import type { Conductor } from '../running/conductor.ts'
import type { Liveness } from '../running/liveness.ts'
import type { SettingsFile } from '../settings/settings-file.ts'

/** What the JobService is made of. */
export interface ServiceParts {
  readonly conductor: Conductor
  readonly store: JobStore
  readonly catalogue: Catalogue
  readonly clock: Clock
  readonly launcher: Launcher
  readonly logs: LogReader
  readonly searches: LogSearch
  readonly limits: LimitCoordinator
  readonly liveness: Liveness
  readonly settings: SettingsFile
  readonly environment: NodeJS.ProcessEnv
  /** Absolute path. */
  readonly dataDir: string
}
