import { Failure } from './failure.ts'
import { spend } from './limits.ts'

/** A missing value: harmless until it is used (Jinja2: StrictUndefined). */
export class Undefined {
  readonly message: string
  readonly name: string | null
  readonly offset: number | null

  constructor(message: string, name: string | null = null, offset: number | null = null) {
    this.message = message
    this.name = name
    this.offset = offset
  }
}

/** A Python float. A plain JavaScript number is a Python int. */
export class Float {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

/** A Python tuple: a list that prints with round brackets. Made by `tuple()`. */
export class Tuple extends Array<Value> {
  /** What `slice`, `map` and `filter` make of it is a plain list. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }
}

export function tuple(...items: readonly Value[]): Tuple {
  const made = new Tuple()
  for (const item of items) made.push(item)
  return made
}

/** An object with named fields: `loop`, and what `namespace()` makes. */
export class Namespace {
  readonly fields: Map<string, Value>

  constructor(fields: Map<string, Value>) {
    this.fields = fields
  }
}

export type Keywords = ReadonlyMap<string, Value>

export class Callable {
  readonly name: string
  readonly call: (args: readonly Value[], keywords: Keywords) => Value

  constructor(name: string, call: (args: readonly Value[], keywords: Keywords) => Value) {
    this.name = name
    this.call = call
  }
}

export type Key = string | number | boolean | null
export type Dict = Map<Key, Value>
/** Everything a template can hold. None of it leads to a JavaScript object that was not made for templates. */
export type Value = Undefined | null | boolean | number | Float | string | Value[] | Dict | Namespace | Callable

export function typeName(value: Value): string {
  if (value === null) return 'none'
  if (value instanceof Undefined) return 'undefined'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'number') return 'whole number'
  if (typeof value === 'string') return 'text'
  if (value instanceof Float) return 'float'
  if (value instanceof Tuple) return 'tuple'
  if (Array.isArray(value)) return 'list'
  if (value instanceof Map) return 'dict'
  return value instanceof Callable ? 'function' : 'namespace'
}

/** What an `if` without an `else` gives when it is false. It counts as missing, yet prints as nothing (as in Jinja2). */
export const NOTHING = new Undefined('the `if` without an `else` came out false')

/** @throws Failure when the value is missing. */
export function defined(value: Value): Exclude<Value, Undefined> {
  if (value === NOTHING) return ''
  if (value instanceof Undefined) throw new Failure(value.message, { offset: value.offset, undefinedName: value.name })
  return value
}

/** Refuses integers JavaScript cannot hold exactly: a wrong digit is worse than an error. */
export function integer(value: number): number {
  if (!Number.isSafeInteger(value)) throw new Failure('the number is too large for an exact integer')
  return value === 0 ? 0 : value
}

/** Python counts code points, JavaScript counts UTF-16 units. */
export function characters(text: string): string[] {
  spend(text.length / 100)
  return Array.from(text)
}

export function truthy(given: Value): boolean {
  const value = defined(given)
  if (value instanceof Float) return value.value !== 0
  if (Array.isArray(value)) return value.length > 0
  if (value instanceof Map) return value.size > 0
  return typeof value === 'object' && value !== null ? true : Boolean(value)
}

/** The number behind an int, a float or a boolean, else null. */
export function numeric(value: Value): number | null {
  if (typeof value === 'number') return value
  if (value instanceof Float) return value.value
  return typeof value === 'boolean' ? Number(value) : null
}

export function equals(givenLeft: Value, givenRight: Value): boolean {
  spend(1)
  const left = defined(givenLeft)
  const right = defined(givenRight)
  const [a, b] = [numeric(left), numeric(right)]
  if (a !== null && b !== null) return a === b
  if (Array.isArray(left) && Array.isArray(right)) {
    if (left instanceof Tuple !== right instanceof Tuple || left.length !== right.length) return false
    return left.every((item, index) => equals(item, right[index] ?? null))
  }
  if (left instanceof Map && right instanceof Map) {
    if (left.size !== right.size) return false
    return [...left].every(([key, item]) => right.has(key) && equals(item, right.get(key) ?? null))
  }
  return left === right
}

/** Negative, zero or positive, as Python orders. @throws Failure for values that have no order. */
export function compare(givenLeft: Value, givenRight: Value): number {
  spend(1)
  const left = defined(givenLeft)
  const right = defined(givenRight)
  const [a, b] = [numeric(left), numeric(right)]
  if (a !== null && b !== null) return a < b ? -1 : a > b ? 1 : 0
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0
  if (Array.isArray(left) && Array.isArray(right)) {
    for (const [index, item] of left.entries()) {
      const other = right[index]
      if (other === undefined) return 1
      if (!equals(item, other)) return compare(item, other)
    }
    return left.length - right.length
  }
  throw new Failure(`a ${typeName(left)} and a ${typeName(right)} cannot be put in order`)
}

/** The items a `for` goes through: list items, dict keys, characters. */
export function iterate(given: Value): readonly Value[] {
  const value = defined(given)
  if (typeof value === 'string') return characters(value)
  if (!Array.isArray(value) && !(value instanceof Map))
    throw new Failure(`a ${typeName(value)} cannot be gone through item by item`)
  const items = Array.isArray(value) ? value : [...value.keys()]
  spend(items.length)
  return items
}

/** Number of items, keys or characters. */
export function lengthOf(given: Value): number {
  const value = defined(given)
  if (Array.isArray(value)) return value.length
  if (value instanceof Map) return value.size
  if (typeof value === 'string') return characters(value).length
  throw new Failure(`a ${typeName(value)} has no length`)
}

/** @throws Failure for values Python could not hash, and floats other than whole ones. */
export function toKey(given: Value): Key {
  const value = defined(given)
  if (value instanceof Float && Number.isSafeInteger(value.value)) return value.value
  if (value === null || typeof value !== 'object') return value
  throw new Failure(`a ${typeName(value)} cannot be the key of a dict`)
}
