import type { PlannedSheet, Score } from '../score/score.ts'

/** What templates and placeholders may name (Marianne §7.12). The built-in names win over the score's own of the same name. */
export function sheetVariables(score: Score, sheet: PlannedSheet, totalSheets: number): Record<string, unknown> {
  return {
    ...score.prompt.variables,
    sheet_num: sheet.number,
    total_sheets: totalSheets,
    start_item: sheet.startItem,
    end_item: sheet.endItem,
    workspace: score.workspace,
    instrument_name: score.instrument,
  }
}
