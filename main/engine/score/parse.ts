import type { Diagnostic } from '../errors.ts'
import { explain, nameOf } from './explain.ts'
import { type PathContext, resolveScorePath } from './paths.ts'
import { compilePattern } from './pattern.ts'
import { type Oddity, toPlain } from './plain.ts'
import { type ScoreFile, scoreSchema } from './schema.ts'
import type { Score, ValidationRule } from './score.ts'
import { type Path, type Place, readYaml, type YamlSource } from './source.ts'
import { checkTemplate } from './template.ts'

/** More sheets than this are a slip of the keyboard, and too many to keep and to show. */
const MAX_SHEETS = 10_000

/** Where the score lies; its relative paths are resolved against its folder. */
export interface ScoreLocation extends PathContext {
  /** Absolute path of the score file. */
  readonly file: string
}

/** A checked score whose template may still have to be read from `prompt.templateFile`. */
export interface ScoreDraft extends Omit<Score, 'prompt'> {
  readonly file: string
  readonly prompt: {
    /** Null when it is to be read from `templateFile`. */
    readonly template: string | null
    readonly templateFile: string | null
    readonly variables: Score['prompt']['variables']
  }
}

/**
 * Reads and checks the text of a score. Reports every error at once and never throws for bad input.
 * `draft` is null when a diagnostic is an error; warnings leave it usable.
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
  const odd = plain.oddities.map(oddity)
  if (typeof plain.value !== 'object' || plain.value === null || Array.isArray(plain.value)) {
    const message = 'A score is a mapping of keys such as `name:` and `sheet:`.'
    return {
      draft: null,
      diagnostics: [...odd, finding('SCORE_SHAPE', message, 'Write it as `key: value` lines.', source.place([]))],
    }
  }
  const checked = scoreSchema.safeParse(plain.value)
  const wrong = checked.success ? [] : checked.error.issues.flatMap((issue) => explain(issue, plain.value, source))
  const diagnostics = [...odd, ...wrong, ...checkMeaning(plain.value, source)].sort(
    (a, b) => a.line - b.line || a.column - b.column,
  )
  const refused = !checked.success || diagnostics.some(({ severity }) => severity === 'error')
  return { draft: refused ? null : toDraft(checked.data, source, location), diagnostics }
}

/**
 * Puts the template into a draft.
 * @param template the text of `prompt.templateFile`; null when the template stands in the score
 * @returns `score`, or null with the errors of `file`, which is the template's own file
 */
export function completeScore(
  draft: ScoreDraft,
  template: string | null,
): { score: Score | null; file: string; diagnostics: readonly Diagnostic[] } {
  const { file: scoreFile, ...rest } = draft
  const file = draft.prompt.templateFile ?? scoreFile
  const text = draft.prompt.template ?? template
  if (text === null) {
    return {
      score: null,
      file,
      diagnostics: [finding('V003', 'The template is missing.', 'Check `prompt.template_file`.', { line: 1, column: 1 })],
    }
  }
  const fault = draft.prompt.template === null ? checkTemplate(text) : null
  if (fault)
    return { score: null, file, diagnostics: [finding('V001', fault.message, 'Correct the template at this place.', fault)] }
  return { score: { ...rest, prompt: { ...draft.prompt, template: text } }, file, diagnostics: [] }
}

function finding(
  code: string,
  message: string,
  remedy: string,
  { line, column }: Place,
  severity: Diagnostic['severity'] = 'error',
): Diagnostic {
  return { code, severity, message, remedy, line, column }
}

/** What no schema says; looks at each part on its own, so that one mistake does not hide the next. */
function checkMeaning(value: object, source: YamlSource): Diagnostic[] {
  const score = value as { sheet?: unknown; prompt?: unknown; validations?: unknown; name?: unknown }
  return [
    ...checkSheets(score.sheet, source),
    ...checkPrompt(score.prompt, source),
    ...(Array.isArray(score.validations)
      ? score.validations.flatMap((rule, index) => checkRule(rule, ['validations', index], source))
      : []),
  ]
}

function checkSheets(sheet: unknown, source: YamlSource): Diagnostic[] {
  const { size, total_items: items } = fields(sheet)
  if (typeof size !== 'number' || typeof items !== 'number' || size < 1 || Math.ceil(items / size) <= MAX_SHEETS) return []
  const message = `This makes ${Math.ceil(items / size)} sheets; a job may have ${MAX_SHEETS}.`
  return [finding('SCORE_VALUE', message, 'Raise `size` or lower `total_items`.', source.place(['sheet', 'total_items']))]
}

function checkPrompt(prompt: unknown, source: YamlSource): Diagnostic[] {
  if (typeof prompt !== 'object' || prompt === null || Array.isArray(prompt)) return []
  const { template, template_file: file, variables } = fields(prompt)
  const diagnostics: Diagnostic[] = []
  const none = (given: unknown) => given === undefined || given === null
  if (none(template) && none(file)) {
    diagnostics.push(
      finding('V008', '`prompt` has neither `template` nor `template_file`.', 'Add one of the two.', source.keyPlace(['prompt'])),
    )
  } else if (!none(template) && !none(file)) {
    const place = source.keyPlace(['prompt', 'template_file'])
    diagnostics.push(finding('V008', '`prompt` has both `template` and `template_file`.', 'Keep one of the two.', place))
  }
  const fault = typeof template === 'string' ? checkTemplate(template) : null
  if (fault) {
    const place = source.insidePlace(['prompt', 'template'], fault)
    diagnostics.push(finding('V001', `The template is not valid: ${fault.message}`, 'Correct the template at this place.', place))
  }
  return [...diagnostics, ...checkVariables(fields(variables), source)]
}

function checkVariables(variables: Record<string, unknown>, source: YamlSource): Diagnostic[] {
  const path = ['prompt', 'variables']
  const unusable = Object.keys(variables).filter((name) => !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name))
  return [
    ...unusable.map((name) =>
      finding(
        'V101',
        `No template can use the variable \`${name}\`.`,
        'Name it with letters, digits and `_`, not beginning with a digit.',
        source.keyPlace([...path, name]),
        'warning',
      ),
    ),
    ...source
      .oldBooleans(path)
      .map(({ word, ...place }) =>
        finding(
          'YAML_WORD',
          `\`${word}\` is a text here, not true or false.`,
          'Write `true` or `false`, or put it in quotes to mean the text.',
          place,
          'warning',
        ),
      ),
  ]
}

function checkRule(rule: unknown, path: Path, source: YamlSource): Diagnostic[] {
  const { type, path: file, pattern } = fields(rule)
  const diagnostics: Diagnostic[] = []
  if (type === 'content_regex' && typeof pattern === 'string') {
    const fault = patternFault(pattern)
    const name = nameOf([...path, 'pattern'])
    if (fault)
      diagnostics.push(
        finding(
          'V007',
          `\`${name}\` is not a regular expression: ${fault}.`,
          'Correct the pattern; in YAML, single quotes keep backslashes.',
          source.place([...path, 'pattern']),
        ),
      )
  }
  if (typeof file === 'string' && file.includes('{{')) {
    const remedy = 'Write `{sheet_num}` with single brackets in paths.'
    diagnostics.push(
      finding(
        'V201',
        `\`${nameOf([...path, 'path'])}\` has \`{{ }}\`, which only templates understand.`,
        remedy,
        source.place([...path, 'path']),
      ),
    )
  }
  return diagnostics
}

function patternFault(pattern: string): string | null {
  try {
    compilePattern(pattern)
    return null
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return error.message.replace(/^Invalid regular expression: (\/[\s\S]*\/\w*: )?/, '').toLowerCase()
  }
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

function toDraft(score: ScoreFile, source: YamlSource, location: ScoreLocation): ScoreDraft {
  const { retry, prompt } = score
  return {
    file: location.file,
    name: score.name,
    description: score.description ?? null,
    workspace: resolveScorePath(score.workspace, location),
    instrument: score.instrument,
    sheet: { size: score.sheet.size, totalItems: score.sheet.total_items },
    prompt: {
      template: prompt.template ?? null,
      templateFile: prompt.template_file ? resolveScorePath(prompt.template_file, location) : null,
      variables: prompt.variables,
    },
    retry: {
      maxRetries: retry.max_retries,
      baseDelaySeconds: retry.base_delay_seconds,
      maxDelaySeconds: retry.max_delay_seconds,
      exponentialBase: retry.exponential_base,
      jitter: retry.jitter,
    },
    validations: score.validations.map((rule, index) => toRule(rule, source.place(['validations', index]).line)),
  }
}

function toRule(rule: ScoreFile['validations'][number], line: number): ValidationRule {
  const base = { description: rule.description ?? null, retryCount: rule.retry_count, retryDelayMs: rule.retry_delay_ms, line }
  switch (rule.type) {
    case 'file_exists':
    case 'file_modified':
      return { ...base, type: rule.type, path: rule.path }
    case 'content_contains':
    case 'content_regex':
      return { ...base, type: rule.type, path: rule.path, pattern: rule.pattern }
    case 'command_succeeds':
      return {
        ...base,
        type: rule.type,
        command: rule.command,
        workingDirectory: rule.working_directory ?? null,
        timeoutSeconds: rule.timeout_seconds,
      }
  }
}
