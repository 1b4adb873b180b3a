import { Failure } from './failure.ts'
import { braceFormat } from './format.ts'
import { roomForItems } from './limits.ts'
import { str } from './text.ts'
import { intArg, type Method, TEXT_METHODS } from './text-methods.ts'
import {
  Callable,
  characters,
  type Dict,
  defined,
  equals,
  Float,
  iterate,
  type Key,
  type Keywords,
  Namespace,
  Tuple,
  toKey,
  tuple,
  typeName,
  Undefined,
  type Value,
} from './values.ts'

const format: Method<string> = (text, args, keywords) =>
  braceFormat(text, args, keywords, (value, key, dotted) =>
    dotted ? attribute(value, key) : item(value, /^\d+$/.test(key) ? Number(key) : key),
  )

const TEXT = new Map([...TEXT_METHODS, ['format', format] as const])

const LIST_METHODS = new Map<string, Method<Value[]>>([
  ['index', (list, [wanted]) => indexOf(list, wanted ?? null)],
  ['count', (list, [wanted]) => list.filter((candidate) => equals(candidate, wanted ?? null)).length],
  ['append', (list, [added]) => changed(list, () => list.push(added ?? null))],
  ['extend', (list, [added]) => changed(list, () => list.push(...iterate(added ?? null)))],
  ['insert', (list, [at, added]) => changed(list, () => list.splice(intArg(at, 0), 0, added ?? null))],
  ['pop', (list, [at]) => pop(list, intArg(at, -1))],
  ['copy', (list) => [...list]],
])

function indexOf(list: readonly Value[], wanted: Value): number {
  const index = list.findIndex((candidate) => equals(candidate, wanted))
  if (index < 0) throw new Failure(`${str(wanted)} is not in the list`)
  return index
}

function changed(list: Value[], change: () => unknown): null {
  if (list instanceof Tuple) throw new Failure('a tuple cannot be changed')
  roomForItems(list.length + 1)
  change()
  return null
}

function pop(list: Value[], at: number): Value {
  const [removed] = list.splice(at, 1)
  if (removed === undefined) throw new Failure('there is nothing to pop')
  return removed
}

const DICT_METHODS = new Map<string, Method<Dict>>([
  ['items', (dict) => [...dict].map(([key, value]) => tuple(key, value))],
  ['keys', (dict) => [...dict.keys()]],
  ['values', (dict) => [...dict.values()]],
  ['get', (dict, [key, fallback]) => known(dict.get(toKey(key ?? null)), fallback ?? null)],
  ['copy', (dict) => new Map(dict)],
  ['update', (dict, [other], keywords) => update(dict, other ?? null, keywords)],
])

function update(dict: Dict, other: Value, keywords: Keywords): null {
  if (other !== null) for (const [key, value] of toDict(other)) dict.set(key, value)
  for (const [key, value] of keywords) dict.set(key, value)
  roomForItems(dict.size)
  return null
}

/** A dict from a dict or from pairs, as `dict()` takes them. */
export function toDict(source: Value): Dict {
  if (source instanceof Map) return new Map(source)
  const dict: Dict = new Map()
  for (const pair of iterate(source)) {
    const [key, value, ...rest] = iterate(pair)
    if (key === undefined || value === undefined || rest.length > 0) throw new Failure('a dict is made of pairs')
    dict.set(toKey(key), value)
  }
  return dict
}

function method<T extends Value>(methods: ReadonlyMap<string, Method<T>>, self: T, name: string): Callable | undefined {
  const found = methods.get(name)
  return found && new Callable(name, (args, keywords) => found(self, args, keywords))
}

/** `value.name`: a method first, then a key (Jinja2: `getattr`). Missing is undefined, not an error. */
export function attribute(given: Value, name: string): Value {
  const value = defined(given)
  const found =
    typeof value === 'string'
      ? method(TEXT, value, name)
      : Array.isArray(value)
        ? (method(LIST_METHODS, value, name) ?? groupPart(value, name))
        : value instanceof Map
          ? (method(DICT_METHODS, value, name) ?? value.get(name))
          : value instanceof Namespace
            ? value.fields.get(name)
            : undefined
  return known(found, missing(value, name))
}

/** `null` is a value (`none`); only `undefined` says that nothing was found. */
function known(found: Value | undefined, otherwise: Value): Value {
  return found === undefined ? otherwise : found
}

/** What `groupby` yields is a pair whose halves have names. */
function groupPart(value: readonly Value[], name: string): Value | undefined {
  if (!(value instanceof Tuple) || value.length !== 2) return undefined
  return name === 'grouper' ? value[0] : name === 'list' ? value[1] : undefined
}

/** `value[key]`: a key or an index first, then a method (Jinja2: `getitem`). Missing is undefined, not an error. */
export function item(given: Value, givenKey: Value): Value {
  const value = defined(given)
  const key = defined(givenKey)
  if (value instanceof Map) {
    const found = isKey(key) ? value.get(toKey(key)) : undefined
    if (found !== undefined) return found
    return typeof key === 'string' ? attribute(value, key) : missing(value, str(key))
  }
  if (typeof key === 'string') return attribute(value, key)
  const index = typeof key === 'boolean' ? Number(key) : key
  if (typeof index === 'number') {
    if (typeof value === 'string') return known(characters(value).at(index), missing(value, String(index)))
    if (Array.isArray(value)) return known(value.at(index), missing(value, String(index)))
  }
  return missing(value, str(key))
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
  if (typeof value !== 'string' && !Array.isArray(value)) throw new Failure(`a ${typeName(value)} cannot be sliced`)
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
