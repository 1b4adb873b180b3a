import { z } from 'zod'
import { DEFAULT_TOKEN_THRESHOLDS, type TokenThresholds } from '../limits/tokens.ts'
import { channels } from './channels.ts'

const whole = (least: number, most: number) => z.number().int().min(least).max(most)

/** What its user may set for all jobs. Unknown keys are refused: a misspelt one would be without effect. */
export const settingsSchema = z.strictObject({
  /**
   * When Fermata comes back: unfinished jobs go on by themselves, or wait for their user as soon as what still runs has ended.
   * A job its user had paused stays that either way.
   */
  onReturn: z.enum(['continue', 'ask']).default('continue'),
  /** For how many hours a job may run whose score does not say; 0 is no limit. */
  jobTimeoutHours: z.number().min(0).max(8760).default(0),
  /** Of each attempt's output (stdout, stderr) so many MB are kept; the middle of what is longer is left out. 0 keeps all. */
  logLimitMb: whole(0, 1_000_000).default(1024),
  /** Output of finished jobs is removed after so many days; 0 keeps it. */
  keepLogsDays: whole(0, 36_500).default(90),
  /** Output of finished jobs is removed, oldest first, beyond so many MB in all; 0 keeps it. */
  keepLogsMb: whole(0, 100_000_000).default(20_480),
  /** Nothing new starts while less of the computer's memory (percent) is free; 0 never minds. */
  minFreeMemoryPercent: whole(0, 90).default(5),
  /** Nothing new starts while the jobs have so many processes; 0 never minds. */
  maxProcesses: whole(0, 100_000).default(2000),
  /** When memory runs out though nothing new starts, the youngest job is frozen until there is some again. */
  freezeUnderPressure: z.boolean().default(false),
  /** Tokens of a prompt from which its user is warned, and from which it is not sent; 0 switches one off (Marianne §2.7). */
  tokenWarningThreshold: whole(0, 100_000_000).default(DEFAULT_TOKEN_THRESHOLDS.warning),
  tokenErrorThreshold: whole(0, 100_000_000).default(DEFAULT_TOKEN_THRESHOLDS.error),
  /** Tokens and USD that all jobs together may use on one day; 0 is no limit. */
  dayTokens: whole(0, 1_000_000_000_000).default(0),
  dayUsd: z.number().min(0).max(1_000_000).default(0),
  /** Percent of them at which its user is told, and what is done when they are used up; `pause` starts nothing more until midnight. */
  dayWarnPercent: whole(1, 100).default(80),
  dayAction: z.enum(['notify', 'pause', 'freeze', 'cancel']).default('pause'),
  /** How attempts went is kept, for forecasts and for the failures a score wants in its prompts. Nothing of it leaves the computer. */
  learning: z.boolean().default(true),
  /** Who is told what happens, beside what scores ask for. */
  channels,
})

export type Settings = z.output<typeof settingsSchema>

export const DEFAULT_SETTINGS: Settings = settingsSchema.parse({})

/** What of a prompt's size is warned of and what refused. */
export const tokenThresholds = ({ tokenWarningThreshold, tokenErrorThreshold }: Settings): TokenThresholds => ({
  warning: tokenWarningThreshold,
  error: tokenErrorThreshold,
})

/** How long a job may run whose score does not say, in ms; null is no limit. */
export const maxRunMs = ({ jobTimeoutHours }: Settings): number | null =>
  jobTimeoutHours === 0 ? null : jobTimeoutHours * 3_600_000
