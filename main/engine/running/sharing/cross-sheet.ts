import type { Redact } from '../../redaction/redactor.ts'
import type { SheetStatus } from '../../scheduling/state.ts'
import type { Plan, PlannedSheet, Score } from '../../score/score.ts'
import { renderTemplate } from '../../score/template.ts'
import { glob } from '../glob.ts'
import { type Shared, sheetVariables } from '../variables.ts'
import { readText } from './readable.ts'
import { shorten } from './shorten.ts'

/** Files of all `capture_files` together; more would fill no prompt sensibly. */
const MOST_FILES = 200
const SKIPPED = '[SKIPPED]'

interface ShareRequest {
  readonly score: Score
  readonly plan: Plan
  readonly sheet: PlannedSheet
  statuses(number: number): SheetStatus
  /** What an instrument answered on a completed sheet; null when there is nothing. */
  stdoutOf(number: number): Promise<string | null>
  readonly redact: Redact
}

/**
 * What a sheet's prompt may show of the sheets before it (Marianne §7.12, `cross_sheet`): of the `lookback_sheets` sheets with
 * the next lower numbers, the answers of those that are completed, and of the files that `capture_files` names. Secrets are
 * taken out first; then an answer keeps its end, where the result is, and a file its beginning, where its headings are.
 * Binary files and those over 16 MB are left out.
 *
 * @throws TemplateError when a path of `capture_files` cannot be rendered; FermataError when it leads out of the workspace
 */
export async function shareOutputs(
  given: ShareRequest,
): Promise<Pick<Shared, 'previousOutputs' | 'previousFiles' | 'skippedUpstream'>> {
  const rules = given.score.cross_sheet
  if (rules === null) return { previousOutputs: {}, previousFiles: {}, skippedUpstream: [] }
  const { number } = given.sheet
  const first = rules.lookback_sheets === 0 ? 1 : Math.max(1, number - rules.lookback_sheets)
  const before = Array.from({ length: number - first }, (_, index) => first + index)
  const skippedUpstream = before.filter((sheet) => given.statuses(sheet) === 'skipped')
  return {
    previousOutputs: rules.auto_capture_stdout ? await outputsOf(before, rules.max_output_chars, given) : {},
    previousFiles: await filesOf(rules.capture_files, rules.max_output_chars, given),
    skippedUpstream,
  }
}

/** One after the other, so that no more than one answer is in memory in full. */
async function outputsOf(sheets: readonly number[], most: number, given: ShareRequest): Promise<Record<number, string>> {
  const outputs: Record<number, string> = {}
  for (const sheet of sheets) {
    const status = given.statuses(sheet)
    if (status === 'skipped') outputs[sheet] = SKIPPED
    const answer = status === 'completed' ? await given.stdoutOf(sheet) : null
    if (answer !== null) outputs[sheet] = shorten(given.redact(answer.trimEnd()), most, 'end')
  }
  return outputs
}

async function filesOf(patterns: readonly string[], most: number, given: ShareRequest): Promise<Record<string, string>> {
  const { score, plan, sheet } = given
  const variables = sheetVariables({ score, plan, sheet, instrument: sheet.choices[0].instrument })
  const files: Record<string, string> = {}
  for (const pattern of patterns) {
    for (const path of await glob(renderTemplate(pattern, variables).trim(), score.workspace)) {
      if (Object.keys(files).length >= MOST_FILES) return files
      // One that went away meanwhile, or may not be read, is none.
      const file = await readText(path).catch(() => null)
      if (file?.kind === 'text') files[path] = shorten(given.redact(file.text), most, 'start')
    }
  }
  return files
}
