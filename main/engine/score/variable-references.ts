import { undefinedNames } from './names.ts'
import { renderTemplate } from './template.ts'

type Values = Readonly<Record<string, unknown>>

const isTemplate = (value: unknown): value is string => typeof value === 'string' && /\{\{|\{%/.test(value)

/**
 * A score's variables that are templates themselves, such as `preamble: "For {{ repo }}"`, with what they name filled in; those
 * they refer to come first. Only texts at the top level are looked at. One that names something unknown, goes round in a circle
 * or cannot be rendered stays as it stands.
 *
 * @param names everything templates may name, the variables among it
 */
export function resolveReferences(variables: Values, names: Values): Values {
  const resolved = new Map<string, unknown>()
  const underWay = new Set<string>()

  function fill(name: string): unknown {
    const value = names[name]
    if (!isTemplate(value) || !Object.hasOwn(variables, name) || underWay.has(name)) return value
    if (resolved.has(name)) return resolved.get(name)
    underWay.add(name)
    const referred = [...undefinedNames(value, [])].map((used) => used.name).filter((used) => Object.hasOwn(names, used))
    const context = { ...names, ...Object.fromEntries(referred.map((used) => [used, fill(used)])) }
    underWay.delete(name)
    const text = rendered(value, context)
    resolved.set(name, text)
    return text
  }

  return Object.fromEntries(
    Object.entries(names)
      .filter(([name, value]) => isTemplate(value) && Object.hasOwn(variables, name))
      .map(([name]) => [name, fill(name)]),
  )
}

function rendered(template: string, names: Values): string {
  try {
    return renderTemplate(template, { ...names })
  } catch {
    return template
  }
}
