import { Document, Scalar } from 'yaml'
import { scoreSchema } from './schema/index.ts'
import type { Score } from './score.ts'
import { unstored } from './variables.ts'

type Section = Readonly<Record<string, unknown>>

const DEFAULTS: Section = scoreSchema.parse({ name: '-', sheet: { size: 1, total_items: 1 }, prompt: {} })
const REQUIRED: ReadonlySet<string> = new Set(['name', 'sheet', 'size', 'total_items', 'prompt'])

/**
 * Writes a score as YAML that reads as the same score. Defaults are left out, and so is the text of a template that has a file
 * of its own.
 */
export function printScore(score: Score): string {
  const { template, template_file } = score.prompt
  const prompt = { ...score.prompt, template: template_file === null ? template : null }
  const written = Object.entries(withoutDefaults({ ...score, prompt }, DEFAULTS)).map(([key, value]) => {
    const defaults = DEFAULTS[key]
    return [key, isMapping(value) && isMapping(defaults) ? withoutDefaults(value, defaults) : value]
  })
  const { variables, ...rest } = prompt
  const filled: Section = { ...Object.fromEntries(written), prompt: withoutDefaults(rest, DEFAULTS.prompt as Section) }
  const names = Object.entries(variables).map(([name, value]) => [text(name), variable(value)] as const)
  const document = new Document(filled, { aliasDuplicateObjects: false })
  if (names.length > 0)
    document.setIn(['prompt', 'variables'], document.createNode(new Map(names), { aliasDuplicateObjects: false }))
  return document.toString({ lineWidth: 0 })
}

function withoutDefaults(section: Section, defaults: Section): Section {
  const told = Object.entries(section).filter(
    ([key, value]) => REQUIRED.has(key) || JSON.stringify(value) !== JSON.stringify(defaults[key]),
  )
  return Object.fromEntries(told)
}

/** A variable from its storable form: a float keeps its point, a mapping the kinds of its keys. */
function variable(value: unknown): unknown {
  if (typeof value === 'string') return text(value)
  if (Array.isArray(value)) return value.map(variable)
  if (!isMapping(value)) return value
  const marked = unstored(value)
  if (marked && 'float' in marked) {
    const scalar = new Scalar(marked.float)
    scalar.minFractionDigits = 1
    return scalar
  }
  const pairs = (marked?.pairs ?? Object.entries(value)) as readonly (readonly [unknown, unknown])[]
  return new Map(pairs.map(([key, item]) => [typeof key === 'string' ? text(key) : key, variable(item)]))
}

/** `<<` in quotes is a text, without them it merges. */
function text(value: string): unknown {
  if (value !== '<<') return value
  const scalar = new Scalar(value)
  scalar.type = Scalar.QUOTE_DOUBLE
  return scalar
}

function isMapping(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
