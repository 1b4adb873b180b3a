import type { Catalogue } from '../instruments/catalogue.ts'
import type { Learning } from '../learning/learning.ts'
import type { LimitCoordinator } from '../limits/coordinator.ts'
import type { LogReader } from '../logs/log-window.ts'
import type { LogSearch } from '../logs/search.ts'
import type { Clock, JobStore, Launcher } from '../ports.ts'
import type { Prices } from '../prices/prices.ts'
import type { Redact } from '../redaction/redactor.ts'
import type { Conductor } from '../running/conductor.ts'
import type { Liveness } from '../running/liveness.ts'
import type { DayWatch } from '../running/metering/day-watch.ts'
import type { Metering } from '../running/metering/metering.ts'
import type { Notifications } from '../running/notifying/attach-notifications.ts'
import type { SettingsFile } from '../settings/settings-file.ts'
import type { UsageDays } from '../storage/usage-days.ts'

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
  readonly learning: Learning
  readonly prices: Prices
  readonly day: DayWatch
  readonly usageDays: UsageDays
  readonly metering: Metering
  readonly settings: SettingsFile
  readonly notifications: Notifications
  readonly redact: Redact
  readonly environment: NodeJS.ProcessEnv
  /** Absolute path. */
  readonly dataDir: string
}
