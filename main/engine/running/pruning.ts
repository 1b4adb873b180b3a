import { pruneLogs } from '../logs/prune-logs.ts'
import type { Disposer } from '../ports.ts'
import type { Settings } from '../settings/settings.ts'

const HOUR_MS = 3_600_000
const MB = 1024 * 1024

export interface PruningParts {
  /** Absolute path of the folder with the attempts of all jobs. */
  readonly attemptsRoot: string
  settings(): Settings
  /** The job is not over: its output is never touched. */
  isLive(jobId: string): boolean
  onProblem(message: string, error?: unknown): void
}

/** Removes old output now and every hour, as its user's settings say. The timer keeps no process alive. */
export function keepPruning({ attemptsRoot, settings, isLive, onProblem }: PruningParts): { readonly close: Disposer } {
  const prune = () => {
    const { keepLogsDays, keepLogsMb } = settings()
    const keep = { keepDays: keepLogsDays || Number.POSITIVE_INFINITY, keepBytes: keepLogsMb * MB || Number.POSITIVE_INFINITY }
    pruneLogs({ attemptsRoot, ...keep, now: Date.now(), isLive }).catch((error: unknown) =>
      onProblem('Old output could not be removed.', error),
    )
  }
  prune()
  const timer = setInterval(prune, HOUR_MS).unref()
  return { close: () => clearInterval(timer) }
}
