import { Arguments, type Method } from './arguments.ts'
import { Failure } from './failure.ts'
import { braceFormat } from './format.ts'
import { spend } from './limits.ts'
import { DICT_METHODS, LIST_METHODS, TUPLE_METHODS, updated } from './list-methods.ts'
import { Range, rangePart } from './range.ts'
import { str } from './text.ts'
import { TEXT_METHODS } from './text-methods.ts'
import {
  characters,
  type Dict,
  defined,
  entry,
  Float,
  Group,
  type Key,
  type Keywords,
  Namespace,
  Thing,
  Tuple,
  toKey,
  tuple,
  typeName,
  Undefined,
  type Value,
  View,
} from './values.ts'

type Bound<T> = (self: T, args: readonly Value[], keywords: Keywords) => Value

const table = <T>(methods: readonly Method<T>[]): [string, Bound<T>][] =>
  methods.map(([name, parameters, apply]) => [
    name,
    (self, args, keywords) => apply(self, new Arguments(name, parameters, args, keywords)),
  ])

const look = (value: Value, key: string, dotted: boolean) =>
  dotted ? attribute(value, key) : item(value, /^\d+$/.test(key) ? Number(key) : key)

const TEXT: ReadonlyMap<string, Bound<string>> = new Map([
  ...table(TEXT_METHODS),
  ['format', (text: string, args, keywords) => braceFormat(text, args, keywords, look)],
  ['format_map', (text: string, args) => braceFormat(text, [], names(args[0] ?? null), look)],
] satisfies [string, Bound<string>][])
const LIST: ReadonlyMap<string, Bound<Value[]>> = new Map(table(LIST_METHODS))
const TUPLE: ReadonlyMap<string, Bound<Value[]>> = new Map(table(TUPLE_METHODS))
const DICT: ReadonlyMap<string, Bound<Dict>> = new Map([
  ...table(DICT_METHODS),
  ['update', updated] satisfies [string, Bound<Dict>],
])

function names(value: Value): Keywords {
  if (!(value instanceof Map)) throw new Failure(`\`format_map\` needs a dict, not a ${typeName(value)}`)
  return new Map([...value].map(([key, found]) => [String(key), found]))
}

function method<T extends Value>(methods: ReadonlyMap<string, Bound<T>>, self: T, name: string): Thing | undefined {
  const found = methods.get(name)
  return found && new Thing(`<built-in method ${name}>`, (args, keywords) => found(self, args, keywords))
}

/** What Python calls an attribute of a value: a method, or a field of an object. */
function member(value: Exclude<Value, Undefined>, name: string): Value | undefined {
  if (typeof value === 'string') {
    spend(value.length / 20)
    return method(TEXT, value, name)
  }
  if (value instanceof Map) return method(DICT, value, name)
  if (value instanceof Namespace || value instanceof Thing) return value.fields.get(name)
  if (!Array.isArray(value) || isDictView(value)) return undefined
  return method(value instanceof Tuple || value instanceof View ? TUPLE : LIST, value, name) ?? groupPart(value, name)
}

/** `value.name`: a method first, then a key (Jinja2: `getattr`). Missing is undefined, not an error. */
export function attribute(given: Value, name: string): Value {
  const value = defined(given)
  const found = member(value, name)
  if (found === undefined && value instanceof Map) return known(value.get(name), missing(value, name))
  return known(found, missing(value, name))
}

/** The filter `attr`: a method or a field, never a key. */
export function ownAttribute(given: Value, name: string): Value {
  const value = defined(given)
  return known(member(value, name), missing(value, name))
}

/** `null` is a value (`none`); only `undefined` says that nothing was found. */
function known(found: Value | undefined, otherwise: Value): Value {
  return found === undefined ? otherwise : found
}

/** What `groupby` yields is a pair whose halves have names. */
function groupPart(value: readonly Value[], name: string): Value | undefined {
  if (!(value instanceof Group)) return undefined
  return name === 'grouper' ? value[0] : name === 'list' ? value[1] : undefined
}

/** `value[key]`: a key or an index first, then a method (Jinja2: `getitem`). Missing is undefined, not an error. */
export function item(given: Value, givenKey: Value): Value {
  const value = defined(given)
  const key = defined(givenKey)
  if (value instanceof Map) {
    const found = isKey(key) ? entry(value, toKey(key)) : undefined
    if (found !== undefined) return found
    return typeof key === 'string' ? attribute(value, key) : missing(value, str(key))
  }
  if (typeof key === 'string') return attribute(value, key)
  const index = typeof key === 'boolean' ? Number(key) : key
  if (typeof index === 'number') {
    if (typeof value === 'string') return known(characters(value).at(index), missing(value, String(index)))
    if (Array.isArray(value) && !isDictView(value)) return known(value.at(index), missing(value, String(index)))
  }
  return missing(value, str(key))
}

/** What a dict's `keys`, `values` and `items` give can only be gone through. */
function isDictView(value: Value): boolean {
  return value instanceof View && value.kind !== 'range'
}

function isKey(value: Value): value is Key | Float {
  return value === null || typeof value !== 'object' || value instanceof Float
}

function missing(value: Value, name: string): Undefined {
  return new Undefined(`the ${typeName(value)} has no \`${name}\``, name)
}

/** `value[start:stop:step]` as Python slices. */
export function slice(
  given: Value,
  givenStart: Value | undefined,
  givenStop: Value | undefined,
  givenStep: Value | undefined,
): Value {
  const value = defined(given)
  if (typeof value !== 'string' && (!Array.isArray(value) || isDictView(value)))
    return new Undefined(`a ${typeName(value)} cannot be sliced`)
  const all: readonly Value[] = typeof value === 'string' ? characters(value) : value
  const step = bound(givenStep) ?? 1
  if (step === 0) throw new Failure('the step of a slice cannot be zero')
  const clamp = (at: number | null, fallback: number) => {
    if (at === null) return fallback
    const low = step > 0 ? 0 : -1
    const high = step > 0 ? all.length : all.length - 1
    return at < 0 ? Math.max(at + all.length, low) : Math.min(at, high)
  }
  const start = clamp(bound(givenStart), step > 0 ? 0 : all.length - 1)
  const stop = clamp(bound(givenStop), step > 0 ? all.length : -1)
  spend(all.length / 10)
  if (value instanceof Range) return rangePart(value, start, stop, step)
  const taken: Value[] = []
  for (let at = start; step > 0 ? at < stop : at > stop; at += step) taken.push(all[at] ?? null)
  if (typeof value === 'string') return taken.map(String).join('')
  return value instanceof Tuple ? tuple(...taken) : taken
}

function bound(given: Value | undefined): number | null {
  if (given === undefined || given === null) return null
  const value = defined(given)
  if (typeof value === 'number') return value
  throw new Failure(`a slice needs whole numbers, not a ${typeName(value)}`)
}
