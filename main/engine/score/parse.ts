import type { Diagnostic } from '../errors.ts'
import { disabledSections } from './checks/disabled.ts'
import { errorsOf, remarksOf } from './checks/index.ts'
import { partsOf } from './checks/parts.ts'
import { templateErrors, templateWarnings } from './checks/template.ts'
import { versionErrors, versionWarnings } from './checks/versions.ts'
import { explain } from './explain.ts'
import { finding, firstFindings } from './finding.ts'
import { notesOf } from './notes.ts'
import { type PathContext, resolveScorePath } from './paths.ts'
import { type Oddity, toPlain } from './plain.ts'
import { type ScoreFile, scoreSchema } from './schema/index.ts'
import type { Score } from './score.ts'
import { readYaml } from './source.ts'

/** Marianne's default backend (§8.4), by its name here. */
const DEFAULT_INSTRUMENT = 'claude-code'

/** The prompt of a score without a template (Marianne §7.12). */
const DEFAULT_TEMPLATE = `Work on items {{ start_item }} to {{ end_item }}; this is sheet {{ sheet_num }} of {{ total_sheets }}.
Put your results into files in {{ workspace }}.
`

/** Where the score lies; its relative paths are resolved against its folder. */
export interface ScoreLocation extends PathContext {
  /** Absolute path of the score file. */
  readonly file: string
}

/** A checked score whose template may still have to be read from `prompt.template_file`. */
export interface ScoreDraft extends ScoreFile {
  readonly file: string
  readonly instrument: string
}

/**
 * Reads and checks the text of a score. Reports all errors at once and never throws for bad input.
 * `draft` is null when a diagnostic is an error; warnings and notes leave it usable.
 */
export function parseScore(
  text: string,
  location: ScoreLocation,
): { draft: ScoreDraft | null; diagnostics: readonly Diagnostic[] } {
  const reading = readYaml(text)
  if (!reading.source) return { draft: null, diagnostics: reading.diagnostics }
  const { source } = reading
  const plain = toPlain(source.value)
  const oddity = ({ path, message }: Oddity) => finding('SCORE_VALUE', message, 'Correct it.', source.place(path))
  if (plain.excess) return { draft: null, diagnostics: [oddity(plain.excess)] }
  const document = plain.value
  const checked = scoreSchema.safeParse(document)
  const parts = partsOf(document, checked.data, source)
  function* errors(): Generator<Diagnostic> {
    for (const one of plain.oddities) yield oddity(one)
    for (const issue of checked.error?.issues ?? []) yield* explain(issue, document, source)
    yield* errorsOf(parts)
    yield* versionErrors(document, location.file, source)
  }
  function* remarks(): Generator<Diagnostic> {
    if (typeof document !== 'object' || document === null || Array.isArray(document)) return
    yield* remarksOf(parts)
    yield* disabledSections(document, source)
    yield* versionWarnings(document, location.file, source)
    yield* notesOf(document, source)
  }
  const faults = firstFindings(errors())
  const diagnostics = [...faults, ...firstFindings(remarks())].sort((a, b) => a.line - b.line || a.column - b.column)
  return { draft: checked.success && faults.length === 0 ? toDraft(checked.data, location) : null, diagnostics }
}

/**
 * Puts the template into a draft.
 * @param template the text of `prompt.template_file`; null when the template stands in the score
 * @returns `score`, or null with the errors of `file`, which is the file the template stands in
 */
export function completeScore(
  draft: ScoreDraft,
  template: string | null,
): { score: Score | null; file: string; diagnostics: readonly Diagnostic[] } {
  const { file: scoreFile, ...rest } = draft
  const { prompt } = draft
  const file = prompt.template_file ?? scoreFile
  const complete = (text: string): Score => ({ ...rest, prompt: { ...prompt, template: text } })
  if (prompt.template !== null) return { score: complete(prompt.template), file, diagnostics: [] }
  if (template === null) {
    const missing = finding('V003', 'The template is missing.', 'Check `prompt.template_file`.', { line: 1, column: 1 })
    return { score: null, file, diagnostics: [missing] }
  }
  const errors = firstFindings(templateErrors(template, (inside) => inside))
  if (errors.length > 0) return { score: null, file, diagnostics: errors }
  const names = Object.keys(prompt.variables)
  return { score: complete(template), file, diagnostics: firstFindings(templateWarnings(template, names, (inside) => inside)) }
}

function toDraft(score: ScoreFile, location: ScoreLocation): ScoreDraft {
  const { prompt } = score
  const file = prompt.template_file
  return {
    ...score,
    file: location.file,
    workspace: resolveScorePath(score.workspace, location),
    instrument: score.instrument ?? DEFAULT_INSTRUMENT,
    prompt: {
      ...prompt,
      template: file === null ? (prompt.template ?? DEFAULT_TEMPLATE) : null,
      template_file: file === null ? null : resolveScorePath(file, location),
    },
  }
}
