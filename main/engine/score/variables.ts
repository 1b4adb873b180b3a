import { Failure } from './jinja/failure.ts'
import { limited } from './jinja/limits.ts'
import { str } from './jinja/text.ts'
import { type Dict, Float, type Key, type Value } from './jinja/values.ts'

/*
 * A score's variables are stored as JSON, which knows neither a whole float (`384.0`) nor the order of keys that look like
 * numbers. Where one of these matters, the value is written as one of two marked objects.
 */
const FLOAT = '$float'
const DICT = '$dict'

/** A float that JSON would turn into an integer, in storable form. */
export function storedFloat(value: number): unknown {
  return Number.isInteger(value) ? { [FLOAT]: value } : value
}

/** A mapping in storable form: a plain object wherever that loses nothing. */
export function storedDict(entries: readonly (readonly [Key, unknown])[]): unknown {
  const plain = entries.every(
    ([key]) => typeof key === 'string' && !looksLikeInteger(key) && !key.startsWith('$') && key !== '__proto__',
  )
  return plain ? Object.fromEntries(entries) : { [DICT]: entries }
}

const looksLikeInteger = (key: string) => /^-?(0|[1-9]\d{0,14})$/.test(key)

/** What one of the two marked objects stands for; null for every other value. */
export function unstored(value: object): { readonly float: number } | { readonly pairs: readonly unknown[] } | null {
  const [only, second] = Object.entries(value)
  if (!only || second) return null
  const [key, content]: [string, unknown] = only
  if (key === FLOAT && typeof content === 'number') return { float: content }
  return key === DICT && Array.isArray(content) ? { pairs: content } : null
}

/**
 * A variable as templates see it. Keys that look like integers are integers, so that `characters[instance]` finds `"1"`
 * as it does in Marianne.
 * @throws Failure for something that is no data, such as a function
 */
export function fromVariable(value: unknown, depth = 0): Value {
  if (depth > 100) throw new Failure('a variable is nested too deeply')
  if (value === null || value === undefined) return null
  if (typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : new Float(value)
  if (Array.isArray(value)) return value.map((item) => fromVariable(item, depth + 1))
  if (typeof value !== 'object') throw new Failure(`a variable cannot be a ${typeof value}`)
  const marked = unstored(value)
  if (marked && 'float' in marked) return new Float(marked.float)
  const pairs = marked?.pairs ?? Object.entries(value)
  const dict: Dict = new Map()
  for (const pair of pairs) {
    if (Array.isArray(pair)) dict.set(toDictKey(pair[0]), fromVariable(pair[1], depth + 1))
  }
  return dict
}

function toDictKey(key: unknown): Key {
  if (typeof key === 'string') return looksLikeInteger(key) ? Number(key) : key
  return typeof key === 'number' || typeof key === 'boolean' ? key : null
}

/** A variable as `{{ name }}` would print it, for places that take plain text, such as `{name}` in a validation's path. */
export function variableText(value: unknown): string {
  return limited(() => str(fromVariable(value)))
}
