import { z } from 'zod'
import { noted } from './schema/basics.ts'
import { scoreSchema } from './schema/index.ts'
import type { Path } from './source.ts'

/*
 * What the language knows at each place, found by walking the schema along a document: suggestions and notes need no list of
 * keys of their own.
 */

type Schema = z.core.$ZodType

/** A place whose entries come in kinds, told apart by `type`: checks, hooks. */
export interface Kinds {
  readonly kinds: readonly string[]
  /** The kind that the document chose, when it is one of them. */
  readonly chosen: string | null
}

/** The keys known in the mapping at `path`, for the kind it chose; null where keys are the author's own. */
export function keysAt(path: Path, document: unknown): readonly string[] | null {
  const schema = schemaAt(path, document)
  if (schema instanceof z.ZodObject) return schema.def.catchall instanceof z.ZodUnknown ? null : Object.keys(schema.shape)
  return schema instanceof z.ZodDiscriminatedUnion ? keysOfAll(schema) : null
}

/** The keys that any of the kinds at `path` has; those of the mapping itself where there are no kinds. */
export function keysOfAnyKind(path: Path, document: unknown): readonly string[] {
  const schema = along(path, document)
  return schema instanceof z.ZodDiscriminatedUnion ? keysOfAll(schema) : (keysAt(path, document) ?? [])
}

/** The kinds of entry there are at `path`; null where there are none. */
export function kindsAt(path: Path, document: unknown): Kinds | null {
  const schema = along(path, document)
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return null
  const kinds = schema.options.flatMap(kindsOf)
  const type = step(valueAt(document, path), 'type')
  return { kinds, chosen: typeof type === 'string' && kinds.includes(type) ? type : null }
}

/**
 * The keys of a document that are accepted and have no effect.
 * @returns the path of the first of each, and its name in the language: `backend.sheet_overrides.*.temperature`
 */
export function notedKeys(document: unknown): readonly { readonly path: Path; readonly name: string }[] {
  const found = new Map<string, Path>()
  const visit = (schema: Schema | null, value: unknown, path: Path, name: string): void => {
    if (schema === noted && value !== null && !found.has(name)) found.set(name, path)
    if (!schema || typeof value !== 'object' || value === null) return
    const inner = narrowed(schema, value)
    for (const [key, item] of Object.entries(value)) {
      const index = Array.isArray(value) ? Number(key) : key
      const part = inner instanceof z.ZodObject && Object.hasOwn(inner.shape, key) ? key : '*'
      visit(stepInto(inner, index), item, [...path, index], name === '' ? part : `${name}.${part}`)
    }
  }
  visit(scoreSchema, document, [], '')
  return [...found].map(([name, path]) => ({ name, path }))
}

/** The names of all keys that the schema accepts without effect, as {@link notedKeys} tells them. */
export function allNotedKeys(): readonly string[] {
  const names = (schema: Schema | null, name: string): string[] => {
    const under = (part: string) => (name === '' ? part : `${name}.${part}`)
    const inner = schema && unwrapped(schema)
    if (inner === noted) return [name]
    if (inner instanceof z.ZodObject) {
      const others = names(inner.def.catchall ?? null, under('*'))
      return [...Object.entries(inner.shape).flatMap(([key, item]) => names(item, under(key))), ...others]
    }
    if (inner instanceof z.ZodRecord) return names(inner.valueType, under('*'))
    if (inner instanceof z.ZodArray) return names(inner.element, under('*'))
    return inner instanceof z.ZodDiscriminatedUnion ? inner.options.flatMap((option) => names(option, name)) : []
  }
  return [...new Set(names(scoreSchema, ''))]
}

/** The value at a path of plain objects and lists; undefined when there is none. */
export function valueAt(document: unknown, path: Path): unknown {
  return path.reduce(step, document)
}

function step(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as Record<PropertyKey, unknown>)[key]
}

function schemaAt(path: Path, document: unknown): Schema | null {
  const schema = along(path, document)
  return schema && narrowed(schema, valueAt(document, path))
}

/** The schema at a path; one of several kinds where the last step leads to kinds. */
function along(path: Path, document: unknown): Schema | null {
  let schema: Schema | null = scoreSchema
  let value = document
  for (const key of path) {
    schema = schema && stepInto(narrowed(schema, value), key)
    value = step(value, key)
  }
  return schema && unwrapped(schema)
}

function stepInto(schema: Schema, key: PropertyKey): Schema | null {
  if (schema instanceof z.ZodObject)
    return Object.hasOwn(schema.shape, key) ? schema.shape[String(key)] : (schema.def.catchall ?? null)
  if (schema instanceof z.ZodRecord) return schema.valueType
  return schema instanceof z.ZodArray ? schema.element : null
}

/** Without what only says that a value may be left out; `noted` is known by being itself. */
function unwrapped(schema: Schema): Schema {
  if (schema === noted) return schema
  const { def } = schema._zod
  return 'innerType' in def ? unwrapped(def.innerType as Schema) : schema
}

/** The schema that holds for this value: without wrapping, and of the kind the value chose. */
function narrowed(schema: Schema, value: unknown): Schema {
  const inner = unwrapped(schema)
  if (!(inner instanceof z.ZodDiscriminatedUnion)) return inner
  const type = step(value, 'type')
  return inner.options.find((option: Schema) => typeof type === 'string' && kindsOf(option).includes(type)) ?? inner
}

function keysOfAll(union: z.ZodDiscriminatedUnion): string[] {
  return [...new Set(union.options.flatMap((option) => (option instanceof z.ZodObject ? Object.keys(option.shape) : [])))]
}

function kindsOf(option: Schema): string[] {
  const type: unknown = option instanceof z.ZodObject ? option.shape.type : null
  return type instanceof z.ZodLiteral ? [...type.values].map(String) : []
}
