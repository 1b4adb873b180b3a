import type { Plan, PlannedSheet, Score } from '../score/score.ts'
import { resolveReferences } from '../score/variable-references.ts'

/** What a sheet is given of files and of the sheets before it (Marianne §7.12). */
export interface Shared {
  /** What the sheets before it answered, by their numbers. */
  readonly previousOutputs: Readonly<Record<number, string>>
  /** What `capture_files` found, by absolute path. */
  readonly previousFiles: Readonly<Record<string, string>>
  /** Numbers of the sheets looked back at that were left out. */
  readonly skippedUpstream: readonly number[]
  readonly context: readonly string[]
  readonly skills: readonly string[]
  readonly tools: readonly string[]
}

export const EMPTY_SHARED: Shared = {
  previousOutputs: {},
  previousFiles: {},
  skippedUpstream: [],
  context: [],
  skills: [],
  tools: [],
}

/** Where a sheet is among the others, under both spellings. */
export function placeOf(sheet: PlannedSheet, totalSheets: number): Record<string, number> {
  return {
    sheet_num: sheet.number,
    total_sheets: totalSheets,
    start_item: sheet.startItem,
    end_item: sheet.endItem,
    stage: sheet.movement,
    movement: sheet.movement,
    instance: sheet.voice,
    voice: sheet.voice,
    fan_count: sheet.voices,
    voice_count: sheet.voices,
  }
}

/**
 * What templates and placeholders may name (Marianne §7.12). The built-in names win over the score's own of the same name,
 * except that `stakes` and `thinking_method` are the score's own variables where `prompt` does not give them.
 *
 * @param given.instrument name of the profile the sheet is played on now
 */
export function sheetVariables(given: {
  readonly score: Score
  readonly plan: Plan
  readonly sheet: PlannedSheet
  readonly instrument: string
  readonly shared?: Shared
}): Record<string, unknown> {
  const { score, plan, sheet, instrument, shared = EMPTY_SHARED } = given
  const { variables, stakes, thinking_method } = score.prompt
  const names = {
    stakes: '',
    thinking_method: '',
    ...variables,
    ...(stakes === null ? {} : { stakes }),
    ...(thinking_method === null ? {} : { thinking_method }),
    ...placeOf(sheet, plan.sheets.length),
    total_stages: plan.movements,
    total_movements: plan.movements,
    workspace: score.workspace,
    instrument_name: instrument,
    injected_context: shared.context,
    injected_skills: shared.skills,
    injected_tools: shared.tools,
    previous_outputs: shared.previousOutputs,
    previous_files: shared.previousFiles,
    skipped_upstream: shared.skippedUpstream,
  }
  return { ...names, ...resolveReferences(variables, names) }
}
