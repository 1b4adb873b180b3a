import type { Catalogue } from '../instruments/catalogue.ts'
import { timeoutOf } from '../instruments/config.ts'
import type { AttemptRecord, Clock, Disposer, JobRecord } from '../ports.ts'
import { choiceOf } from './preparation.ts'
import { type RunningWatch, watchForSilence } from './silence.ts'

/** Marianne §7.6. */
const DEFAULT_TIMEOUT_SECONDS = 1800

export interface DeadlinesParts {
  readonly clock: Clock
  readonly catalogue: Catalogue
  /** It ran for so long. */
  onTimeUp(seconds: number): void
  /** It printed nothing for so long. */
  onSilence(seconds: number): void
}

/** An attempt's timeout and the watch for silence: they stand still while it is frozen. */
export class Deadlines {
  readonly #job: JobRecord
  readonly #parts: DeadlinesParts
  #set: Disposer[] = []
  #silence: RunningWatch | null = null
  /** Awake ms: when it last printed, as far as was seen, or began or went on to run. */
  #quietSince = 0

  constructor(job: JobRecord, parts: DeadlinesParts) {
    this.#job = job
    this.#parts = parts
  }

  /** When it is stopped if it prints nothing until then (epoch ms); null when nobody watches for that. */
  get staleAt(): number | null {
    return this.#silence && this.#parts.clock.now() + this.#silence.left()
  }

  /** Since when it prints nothing (epoch ms), without the time it or the computer stood still. */
  get silentSince(): number {
    const { clock } = this.#parts
    return clock.now() - (clock.awake() - this.#quietSince)
  }

  /** It printed something. */
  heard(): void {
    this.#quietSince = this.#parts.clock.awake()
  }

  /** Counted from the true start, also for an attempt that was adopted, and without the time it stood still. */
  set(record: AttemptRecord): void {
    const { clock, catalogue, onTimeUp, onSilence } = this.#parts
    const seconds = timeoutSeconds(this.#job, record, catalogue)
    const ran = ranFor(record, clock)
    this.#set.push(clock.after(Math.max(0, seconds * 1000 - ran), () => onTimeUp(seconds)))
    const { enabled, idle_timeout_seconds: idle, check_interval_seconds: every } = this.#job.score.stale_detection
    if (!enabled) return
    const watch = { folder: record.folder, idleMs: idle * 1000, everyMs: every * 1000 }
    this.#silence = watchForSilence(watch, clock, () => onSilence(idle))
    this.#set.push(this.#silence.dispose)
  }

  clear(): void {
    this.#silence = null
    for (const dispose of this.#set.splice(0)) dispose()
  }
}

/** For how long it ran, without the time it or the computer stood still; in ms. */
function ranFor({ startedAt, startedAwake, stillMs, frozenAwake }: AttemptRecord, clock: Clock): number {
  const since = startedAwake === null ? clock.now() - startedAt : clock.awake() - startedAwake
  return Math.max(0, since - stillMs - (frozenAwake === null ? 0 : clock.awake() - frozenAwake))
}

/** An adopted attempt may outlive its profile: it is still watched, with Marianne's default. */
function timeoutSeconds(job: JobRecord, record: AttemptRecord, catalogue: Catalogue): number {
  const { config } = choiceOf(job, record)
  try {
    return timeoutOf(catalogue.get(record.instrument), config)
  } catch {
    return config.timeout_seconds ?? DEFAULT_TIMEOUT_SECONDS
  }
}
