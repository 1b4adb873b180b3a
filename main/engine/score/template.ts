import { FermataError } from '../errors.ts'
import { Evaluation } from './jinja/evaluate.ts'
import { Failure } from './jinja/failure.ts'
import { limited } from './jinja/limits.ts'
import { readSyntax, type Syntax } from './jinja/syntax.ts'
import type { Value } from './jinja/values.ts'
import { fromVariable } from './variables.ts'

/** A template that cannot be read or rendered. Line and column count from 1, in the template's own text. */
export class TemplateError extends FermataError {
  readonly line: number
  readonly column: number
  /** The name that is not defined (`sheet_nmu`, `characters.hero`), when that is what is wrong. */
  readonly undefinedName: string | null

  constructor(code: 'TEMPLATE_SYNTAX' | 'TEMPLATE_RENDER', source: string, failure: Failure, at: number, remedy: string) {
    const { line, column } = positionOf(source, at)
    super(code, `Template line ${line}, column ${column}: ${sentence(failure.message)}`, { remedy, cause: failure })
    this.line = line
    this.column = column
    this.undefinedName = failure.undefinedName
  }
}

/** What is wrong with a template's syntax, for a diagnostic; null when it is valid. */
export interface TemplateFault {
  readonly message: string
  readonly line: number
  readonly column: number
}

/**
 * Renders a Jinja2 template as Marianne does (`StrictUndefined`, no autoescape, trailing newline kept, blocks not trimmed).
 * Rendering is bounded in steps and in size, and reaches nothing but `variables`.
 * @param variables plain JSON values, or those that `parseScore` put into `prompt.variables`
 * @throws TemplateError for wrong syntax, an undefined name, a wrong use of a value, or a rendering out of bounds
 */
export function renderTemplate(source: string, variables: Readonly<Record<string, unknown>>): string {
  const text = normalize(source)
  const syntax = syntaxOf(text)
  const evaluation = new Evaluation(syntax)
  try {
    const values = Object.entries(variables).map(([name, value]): [string, Value] => [name, fromVariable(value)])
    return limited(() => evaluation.run(syntax, new Map(values)))
  } catch (error) {
    const failure = asFailure(error)
    const remedy = failure.undefinedName
      ? 'Add it to `prompt.variables`, correct the name, or give a fallback with `| default(…)`.'
      : 'Correct the template at this place.'
    throw new TemplateError('TEMPLATE_RENDER', text, failure, failure.offset ?? evaluation.at, remedy)
  }
}

/** Checks a template's syntax without rendering it. */
export function checkTemplate(source: string): TemplateFault | null {
  const text = normalize(source)
  try {
    readSyntax(text)
    return null
  } catch (error) {
    const failure = asFailure(error)
    return { message: sentence(failure.message), ...positionOf(text, failure.offset ?? 0) }
  }
}

function syntaxOf(text: string): Syntax {
  try {
    return readSyntax(text)
  } catch (error) {
    const failure = asFailure(error)
    throw new TemplateError('TEMPLATE_SYNTAX', text, failure, failure.offset ?? 0, 'Correct the template at this place.')
  }
}

/** Jinja2 reads every kind of line end as `\n`. */
function normalize(source: string): string {
  return source.replace(/\r\n?/g, '\n')
}

/** The stack and the longest string are JavaScript's own bounds; a template that meets them is to blame, not the app. */
function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error
  if (error instanceof RangeError) return new Failure('the template is nested too deeply or builds too much text')
  throw error
}

function positionOf(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}

function sentence(message: string): string {
  return message.endsWith('?') ? message : `${message}.`
}
