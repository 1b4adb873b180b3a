import { asFailure, positionOf } from './jinja/failure.ts'
import { GLOBALS } from './jinja/globals.ts'
import type { Node } from './jinja/nodes.ts'
import { parseTemplate } from './jinja/parse-template.ts'
import type { Place } from './source.ts'

/** What every template may name without the score giving it (Marianne §7.12), under both spellings. */
export const BUILT_IN_NAMES = [
  'sheet_num',
  'total_sheets',
  'start_item',
  'end_item',
  'workspace',
  'instrument_name',
  'stage',
  'movement',
  'instance',
  'voice',
  'fan_count',
  'voice_count',
  'total_stages',
  'total_movements',
  'previous_outputs',
  'previous_files',
  'skipped_upstream',
  'injected_context',
  'injected_skills',
  'injected_tools',
  'stakes',
  'thinking_method',
] as const

/** Names that a template has where it has a loop or a macro. */
const OF_STATEMENTS = ['loop', 'caller', 'varargs', 'kwargs']

export interface UsedName extends Place {
  readonly name: string
}

/**
 * The names a template uses and nowhere defines, each where it stands first. A name that the template itself provides for
 * (`is defined`, `| default(…)`) is not among them. Looks at no order: a name set anywhere counts as set.
 * A template whose syntax is wrong uses none: that is told elsewhere.
 */
export function* undefinedNames(source: string, given: Iterable<string>): Generator<UsedName> {
  const text = source.replace(/\r\n?/g, '\n')
  const known = new Set<string>([...BUILT_IN_NAMES, ...GLOBALS.keys(), ...OF_STATEMENTS, ...given])
  const used = new Map<string, number>()
  // By hand and not by recursion: expressions may be nested deeply.
  const todo: { readonly part: unknown; readonly binds: boolean }[] = [{ part: nodesOf(text), binds: false }]
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { part, binds } = next
    if (typeof part !== 'object' || part === null) continue
    const { type, name, at, operand } = part as { type?: unknown; name?: unknown; at?: unknown; operand?: Partial<Node & Named> }
    if (type === 'name' && typeof name === 'string' && typeof at === 'number') {
      if (binds) known.add(name)
      else used.set(name, Math.min(at, used.get(name) ?? at))
      continue
    }
    if (type === 'macro' && typeof name === 'string') known.add(name)
    if (isGuard(type, name) && operand?.name) known.add(operand.name)
    for (const [key, value] of Object.entries(part)) {
      if (key === 'parameters') for (const parameter of value as Named[]) known.add(parameter.name)
      if (key === 'values') for (const [target] of value as [unknown][]) todo.push({ part: target, binds: true })
      todo.push({ part: value, binds: key === 'target' || (binds && key !== 'field') })
    }
  }
  const free = [...used].filter(([name]) => !known.has(name)).sort(([, a], [, b]) => a - b)
  for (const [name, at] of free) yield { name, ...positionOf(text, at) }
}

interface Named {
  readonly name: string
}

const GUARDS: ReadonlySet<unknown> = new Set(['defined', 'undefined', 'default', 'd'])

const isGuard = (type: unknown, name: unknown) => (type === 'test' || type === 'filter') && GUARDS.has(name)

function nodesOf(text: string): readonly Node[] {
  try {
    return parseTemplate(text)
  } catch (error) {
    asFailure(error, 'template')
    return []
  }
}
