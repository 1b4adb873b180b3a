import { FermataError } from '../errors.ts'
import { asFailure, type Failure, positionOf, sentence } from './jinja/failure.ts'
import { limited } from './jinja/limits.ts'
import type { Node } from './jinja/nodes.ts'
import { parseTemplate } from './jinja/parse-template.ts'
import { Renderer } from './jinja/render.ts'
import type { Value } from './jinja/values.ts'
import { fromVariable } from './variables.ts'

/** A template that cannot be read or rendered. Line and column count from 1, in the template's own text. */
export class TemplateError extends FermataError {
  readonly line: number
  readonly column: number
  /** The name that is not defined (`sheet_nmu`, `characters.hero`), when that is what is wrong. */
  readonly undefinedName: string | null
  /** The whole template, as it was given. */
  readonly template: string
  /** What is wrong, without where. */
  readonly fault: string

  constructor(code: 'TEMPLATE_SYNTAX' | 'TEMPLATE_RENDER', template: string, failure: Failure, at: number, remedy: string) {
    const { line, column } = positionOf(normalize(template), at)
    const fault = sentence(failure.message)
    super(code, `Template line ${line}, column ${column}: ${fault}`, { remedy, cause: failure })
    this.template = template
    this.fault = fault
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
  const nodes = nodesOf(source)
  const renderer = new Renderer()
  try {
    const values = Object.entries(variables).map(([name, value]): [string, Value] => [name, fromVariable(value)])
    return limited(() => renderer.render(nodes, values))
  } catch (error) {
    const failure = asFailure(error, 'template')
    const remedy = failure.undefinedName
      ? 'Add it to `prompt.variables`, correct the name, or give a fallback with `| default(…)`.'
      : 'Correct the template at this place.'
    throw new TemplateError('TEMPLATE_RENDER', source, failure, failure.offset ?? renderer.at, remedy)
  }
}

/** Checks a template's syntax without rendering it. */
export function checkTemplate(source: string): TemplateFault | null {
  const text = normalize(source)
  try {
    parseTemplate(text)
    return null
  } catch (error) {
    const failure = asFailure(error, 'template')
    return { message: sentence(failure.message), ...positionOf(text, failure.offset ?? 0) }
  }
}

function nodesOf(source: string): readonly Node[] {
  try {
    return parseTemplate(normalize(source))
  } catch (error) {
    const failure = asFailure(error, 'template')
    throw new TemplateError('TEMPLATE_SYNTAX', source, failure, failure.offset ?? 0, 'Correct the template at this place.')
  }
}

/** Jinja2 reads every kind of line end as `\n`. */
function normalize(source: string): string {
  return source.replace(/\r\n?/g, '\n')
}
