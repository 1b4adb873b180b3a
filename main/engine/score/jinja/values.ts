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

/** One group of `groupby`: a pair whose halves are also called `grouper` and `list`. */
export class Group extends Tuple {}

/** A list that cannot be changed and prints in its own way: a range, or what a dict's `keys`, `values` and `items` give. */
export class View extends Array<Value> {
  kind: 'range' | 'dict_keys' | 'dict_values' | 'dict_items' = 'range'

  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }
}

export function view(kind: View['kind'], items: Iterable<Value>): View {
  const made = new View()
  for (const item of items) made.push(item)
  made.kind = kind
  return made
}

/** What `map`, `select` and their like give: items that can be gone through once, and neither counted, indexed nor printed. */
export class Once {
  readonly name: string
  #make: () => readonly Value[]
  #rest: Value[] | null = null

  constructor(name: string, make: () => readonly Value[]) {
    this.name = name
    this.#make = make
  }

  take(): Value[] {
    const rest = this.#remaining()
    this.#rest = []
    return rest
  }

  /** The first of the items that are left; undefined when none is. */
  next(): Value | undefined {
    return this.#remaining().shift()
  }

  #remaining(): Value[] {
    this.#rest ??= [...this.#make()]
    return this.#rest
  }
}

/** What `namespace()` makes: an object whose fields a template may set. */
export class Namespace {
  readonly fields: Map<string, Value>

  constructor(fields: Map<string, Value>) {
    this.fields = fields
  }
}

export type Keywords = ReadonlyMap<string, Value>
type Call = (args: readonly Value[], keywords: Keywords) => Value

/** A function, or an object with fields such as `loop`; some objects are both. */
export class Thing {
  /** How it prints. */
  readonly label: string
  readonly call: Call | null
  readonly fields: ReadonlyMap<string, Value>

  constructor(label: string, call: Call | null, fields: ReadonlyMap<string, Value> = new Map()) {
    this.label = label
    this.call = call
    this.fields = fields
  }
}

export type Key = string | number | boolean | null
export type Dict = Map<Key, Value>
/** Everything a template can hold. None of it leads to a JavaScript object that was not made for templates. */
export type Value = Undefined | null | boolean | number | Float | string | Value[] | Dict | Once | Namespace | Thing

export function typeName(value: Value): string {
  if (value === null) return 'none'
  if (value instanceof Undefined) return 'undefined'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'number') return 'whole number'
  if (typeof value === 'string') return 'text'
  if (value instanceof Float) return 'float'
  if (value instanceof Tuple) return 'tuple'
  if (value instanceof View) return value.kind
  if (Array.isArray(value)) return 'list'
  if (value instanceof Map) return 'dict'
  if (value instanceof Once) return `\`${value.name}\` that is not made a list`
  if (value instanceof Namespace) return 'namespace'
  return value.call ? 'function' : value.label
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
    if (typeName(left) !== typeName(right) || left.length !== right.length) return false
    return left.every((item, index) => equals(item, right[index] ?? null))
  }
  if (left instanceof Map && right instanceof Map) {
    if (left.size !== right.size) return false
    return [...left].every(([key, item]) => {
      const other = entry(right, key)
      return other !== undefined && equals(item, other)
    })
  }
  if (typeof left === 'string') spend(left.length / 100)
  return left === right
}

/** Negative, zero or positive, as Python orders. @throws Failure for values that have no order. */
export function compare(givenLeft: Value, givenRight: Value): number {
  spend(1)
  const left = defined(givenLeft)
  const right = defined(givenRight)
  const [a, b] = [numeric(left), numeric(right)]
  if (a !== null && b !== null) return a < b ? -1 : a > b ? 1 : 0
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right)
  if (Array.isArray(left) && Array.isArray(right) && typeName(left) === typeName(right)) {
    for (const [index, item] of left.entries()) {
      const other = right[index]
      if (other === undefined) return 1
      if (!equals(item, other)) return compare(item, other)
    }
    return left.length - right.length
  }
  throw new Failure(`a ${typeName(left)} and a ${typeName(right)} cannot be put in order`)
}

/** By code points, as Python orders; JavaScript's `<` goes by UTF-16 units. */
function compareText(left: string, right: string): number {
  if (left === right) return 0
  spend(Math.min(left.length, right.length) / 100)
  let at = 0
  while (left[at] === right[at]) at += 1
  const [a, b] = [left.charCodeAt(at), right.charCodeAt(at)]
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) ? -1 : 1
  const surrogate = (unit: number) => unit >= 0xd800 && unit < 0xe000
  return surrogate(a) === surrogate(b) ? a - b : surrogate(a) ? 1 : -1
}

/** The items a `for` goes through: list items, dict keys, characters. */
export function iterate(given: Value): readonly Value[] {
  const value = defined(given)
  if (typeof value === 'string') return characters(value)
  if (value instanceof Once) return value.take()
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

/** @throws Failure for values Python could not hash, and for floats and tuples, which no template needs as keys */
export function toKey(given: Value): Key {
  const value = defined(given)
  if (value instanceof Float && Number.isSafeInteger(value.value)) return value.value
  if (value === null || typeof value !== 'object') return value
  throw new Failure(`a ${typeName(value)} cannot be the key of a dict`)
}

/** `null` is a value (`none`); only `undefined` says that the dict has no such key. To Python, `true` and 1 are the same key. */
export function entry(dict: Dict, key: Key): Value | undefined {
  const found = dict.get(key)
  if (found !== undefined || typeof key === 'string' || key === null) return found
  return typeof key === 'boolean' ? dict.get(Number(key)) : key === 1 || key === 0 ? dict.get(key === 1) : undefined
}
