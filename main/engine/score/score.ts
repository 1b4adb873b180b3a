import type { ScoreFile } from './schema/index.ts'
import type { InstrumentConfig } from './schema/instruments.ts'
import type { Injection } from './schema/sheet.ts'

export type { HookRule } from './schema/after.ts'
export type { NotificationRule } from './schema/notifications.ts'
export type { ValidationRule } from './schema/validation.ts'
export type { CheckpointTrigger } from './schema/workspace.ts'
export type { Injection, InstrumentConfig, ScoreFile }

/**
 * A score after checking, in the words of the file (snake_case keys, see `schema/`): every default filled in, `workspace` and
 * other paths absolute, the template's text loaded. Stored with the job; what it means as sheets is its {@link Plan}.
 */
export interface Score extends ScoreFile {
  /** Profile or alias every sheet without one of its own is played on. */
  readonly instrument: string
  readonly prompt: ScoreFile['prompt'] & { readonly template: string }
}

/** What a sheet is played on. */
export interface InstrumentChoice {
  /** Name of the profile; aliases are resolved. */
  readonly instrument: string
  readonly config: InstrumentConfig
}

export interface SkipCommand {
  readonly command: string
  readonly description: string | null
  readonly timeout_seconds: number
}

/** One sheet to run, as the score lays it out. Items count from 1, both ends included. */
export interface PlannedSheet {
  readonly number: number
  readonly startItem: number
  readonly endItem: number
  /** The phase it belongs to (Marianne: stage, movement), from 1. Without fan-out every sheet is a movement of its own. */
  readonly movement: number
  readonly movementName: string | null
  /** Which of the movement's parallel copies it is, from 1 (Marianne: instance, voice). */
  readonly voice: number
  readonly voices: number
  readonly description: string | null
  /** Sheets that have to be done before, in order. */
  readonly dependsOn: readonly number[]
  /** The instrument, then its fallbacks. Never empty. */
  readonly choices: readonly [InstrumentChoice, ...InstrumentChoice[]]
  /** An expression that leaves the sheet out when it is true. */
  readonly skipWhen: string | null
  readonly skipWhenCommand: SkipCommand | null
  /** The prelude, then the sheet's cadenzas. */
  readonly injections: readonly Injection[]
}

/** The sheets of a score in order of their numbers. */
export interface Plan {
  readonly sheets: readonly PlannedSheet[]
  readonly movements: number
}
