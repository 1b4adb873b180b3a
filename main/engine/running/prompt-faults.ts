import { type Diagnostic, FermataError } from '../errors.ts'
import { finding } from '../score/finding.ts'
import type { Score } from '../score/score.ts'
import { type Place, readYaml, type YamlSource } from '../score/source.ts'
import { TemplateError } from '../score/template.ts'
import type { LoadedScore } from './submission.ts'
import { PlaceholderError } from './validations/placeholders.ts'

/** A sheet whose prompt cannot be made before anything has run, and why. */
export interface PromptFailure {
  readonly sheet: number
  readonly error: unknown
}

/** More of them than this are not told one by one. */
const MOST_NAMED = 5

/**
 * What keeps prompts from being made, where it stands in the score; once for all sheets it happens to. They are warnings: the
 * score is accepted, for a sheet may be left out before it comes to that. What the sheets before have yet to answer is no fault.
 */
export function promptFaults(failures: readonly PromptFailure[], { score, text }: LoadedScore): readonly Diagnostic[] {
  const { source } = readYaml(text)
  if (!source) return []
  const faults = new Map<string, { readonly first: PromptFailure; readonly sheets: number[] }>()
  for (const failure of failures) {
    const { line, column } = placeOf(failure.error, score, source)
    const key = `${line}:${column} ${saidOf(failure.error, score)}`
    const known = faults.get(key)
    if (known) known.sheets.push(failure.sheet)
    else faults.set(key, { first: failure, sheets: [failure.sheet] })
  }
  return [...faults.values()].map(({ first: { error }, sheets }) => {
    const name = error instanceof TemplateError ? error.undefinedName : null
    const later = name !== null && /^previous_(outputs|files)\b/.test(name)
    const whose = sheets.length === 1 ? `The prompt of sheet ${sheets[0]}` : `The prompts of sheets ${listed(sheets)}`
    const what = later ? 'can be told only after the sheets before' : 'cannot be rendered'
    const remedy = later ? null : error instanceof FermataError ? error.remedy : null
    const code = name === null ? 'TEMPLATE' : 'V101'
    const severity = later ? 'info' : 'warning'
    return finding(code, `${whose} ${what}: ${saidOf(error, score)}`, remedy, placeOf(error, score, source), severity)
  })
}

function saidOf(error: unknown, { prompt }: Score): string {
  if (!(error instanceof TemplateError)) return error instanceof Error ? error.message : String(error)
  const { template, line, column, fault } = error
  return prompt.template_file !== null && template === prompt.template
    ? `${prompt.template_file}:${line}:${column}: ${fault}`
    : fault
}

function placeOf(error: unknown, { prompt, cross_sheet, validations }: Score, source: YamlSource): Place {
  if (error instanceof TemplateError) {
    if (error.template === prompt.template)
      return prompt.template_file === null
        ? source.insidePlace(['prompt', 'template'], error)
        : source.place(['prompt', 'template_file'])
    const index = cross_sheet?.capture_files.indexOf(error.template) ?? 0
    return source.insidePlace(['cross_sheet', 'capture_files', index], error)
  }
  if (error instanceof PlaceholderError)
    return source.place(['validations', validations.findIndex((rule) => 'path' in rule && rule.path === error.path), 'path'])
  const outside = error instanceof FermataError && error.code === 'PATH_OUTSIDE'
  return source.keyPlace(outside ? ['cross_sheet', 'capture_files'] : ['prompt'])
}

function listed(sheets: readonly number[]): string {
  if (sheets.length > MOST_NAMED)
    return `${sheets.slice(0, MOST_NAMED - 1).join(', ')} and ${sheets.length - MOST_NAMED + 1} more`
  return `${sheets.slice(0, -1).join(', ')} and ${sheets.at(-1)}`
}
