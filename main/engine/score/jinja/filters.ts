import { Arguments, type Filter } from './arguments.ts'
import { Failure } from './failure.ts'
import { follow, LIST_FILTERS } from './filters-list.ts'
import { TEXT_FILTERS } from './filters-text.ts'
import { printf } from './format.ts'
import { runTest } from './tests.ts'
import { fixed, str } from './text.ts'
import {
  defined,
  Float,
  integer,
  iterate,
  type Keywords,
  lengthOf,
  numeric,
  truthy,
  tuple,
  typeName,
  Undefined,
  type Value,
} from './values.ts'

/** A filter that hands its arguments on to another filter or to a test. */
type Higher = (value: Value, positional: readonly Value[], keywords: Keywords) => Value

const NUMBER_FILTERS: readonly (readonly [string, Filter])[] = [
  ['abs', { parameters: [], apply: (value) => absolute(value) }],
  ['int', { parameters: ['default', 'base'], apply: (value, args) => toInt(value, args) }],
  ['float', { parameters: ['default'], apply: (value, args) => toFloat(value, args.value('default', new Float(0))) }],
  ['round', { parameters: ['precision', 'method'], apply: (value, args) => round(value, args) }],
]

function absolute(value: Value): Value {
  const number = numeric(value)
  if (number === null) throw new Failure(`\`abs\` needs a number, not a ${typeName(value)}`)
  return value instanceof Float ? new Float(Math.abs(number)) : Math.abs(number)
}

const PREFIXES: Readonly<Record<number, RegExp>> = { 2: /^0b/i, 8: /^0o/i, 16: /^0x/i }

function toInt(value: Value, args: Arguments): Value {
  const fallback = args.value('default', 0)
  const base = args.int('base', 10)
  if (typeof value === 'string') {
    const digits = value.trim().replace(/(?<=\w)_(?=\w)/g, '')
    const sign = digits.startsWith('-') ? -1 : 1
    const body = digits.replace(/^[-+]/, '').replace(PREFIXES[base] ?? /^$/, '')
    const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, base)
    if (body !== '' && [...body.toLowerCase()].every((digit) => alphabet.includes(digit))) {
      return integer(sign * Number.parseInt(body, base))
    }
    const number = parseFloatText(value)
    return number === null || !Number.isFinite(number) ? fallback : integer(Math.trunc(number))
  }
  const number = numeric(value)
  return number === null || !Number.isFinite(number) ? fallback : integer(Math.trunc(number))
}

/** What Python's `float()` accepts. */
function parseFloatText(text: string): number | null {
  const body = text.trim().replace(/(?<=\d)_(?=\d)/g, '')
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(body)) return Number(body)
  const word = /^([-+]?)(inf|infinity|nan)$/i.exec(body)
  if (!word) return null
  if (word[2]?.toLowerCase() === 'nan') return Number.NaN
  return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

function toFloat(value: Value, fallback: Value): Value {
  const number = typeof value === 'string' ? parseFloatText(value) : numeric(value)
  return number === null ? fallback : new Float(number)
}

function round(value: Value, args: Arguments): Value {
  const number = numeric(value)
  if (number === null) throw new Failure(`\`round\` needs a number, not a ${typeName(value)}`)
  const precision = args.int('precision', 0)
  const method = args.text('method', 'common')
  const scale = 10 ** precision
  if (method === 'ceil') return new Float(Math.ceil(number * scale) / scale)
  if (method === 'floor') return new Float(Math.floor(number * scale) / scale)
  if (method !== 'common') throw new Failure('`method` is common, ceil or floor')
  const result = precision < 0 ? roundTo(number, 10 ** -precision) : Number(fixed(number, Math.min(precision, 100)))
  return value instanceof Float ? new Float(result) : integer(result)
}

/** Halves to the even multiple, as Python does. */
function roundTo(number: number, unit: number): number {
  const below = Math.floor(number / unit)
  const rest = number / unit - below
  return (rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below) * unit
}

const COMMON_FILTERS: readonly (readonly [string, Filter])[] = [
  ['default', { parameters: ['default_value', 'boolean'], apply: (value, args) => orDefault(value, args) }],
  ['d', { parameters: ['default_value', 'boolean'], apply: (value, args) => orDefault(value, args) }],
  ['length', { parameters: [], apply: (value) => lengthOf(value) }],
  ['count', { parameters: [], apply: (value) => lengthOf(value) }],
  ['items', { parameters: [], apply: (value) => pairs(value) }],
]

function orDefault(value: Value, args: Arguments): Value {
  const missing = value instanceof Undefined || (args.flag('boolean') && !truthy(value))
  return missing ? args.value('default_value', '') : value
}

function pairs(value: Value): Value {
  if (!(value instanceof Map)) throw new Failure(`\`items\` needs a dict, not a ${typeName(value)}`)
  return [...value].map(([key, entry]) => tuple(key, entry))
}

/** Jinja2's `map` and `select` take anything that counts as false, such as `none`, for an empty list. */
function itemsOf(value: Value): readonly Value[] {
  return truthy(value) ? iterate(value) : []
}

/** Keeps the items whose value (or whose attribute) passes, or fails, a test; without a test, those that count as true. */
function choose(keep: boolean, byAttribute: boolean): Higher {
  return (value, positional) => {
    const [path, rest] = byAttribute ? [positional[0], positional.slice(1)] : [undefined, positional]
    if (byAttribute && path === undefined) throw new Failure('the filter needs the name of an attribute')
    const [test, ...args] = rest
    return itemsOf(value).filter((candidate) => {
      const looked = path === undefined ? candidate : follow(candidate, path)
      return keep === (test === undefined ? truthy(looked) : runTest(testNameOf(test), looked, args))
    })
  }
}

function testNameOf(value: Value): string {
  if (typeof value !== 'string') throw new Failure('a test is named by a text')
  return value
}

const map: Higher = (value, positional, keywords) => {
  const path = keywords.get('attribute')
  if (path !== undefined) {
    const fallback = keywords.get('default')
    return itemsOf(value).map((candidate) => {
      const found = follow(candidate, path)
      return found instanceof Undefined && fallback !== undefined ? fallback : found
    })
  }
  const [name, ...args] = positional
  if (typeof name !== 'string') throw new Failure('`map` needs the name of a filter, or `attribute=`')
  return itemsOf(value).map((candidate) => applyFilter(name, candidate, args, keywords))
}

/** `'%s of %s'|format(1, 4)` */
const format: Higher = (value, positional, keywords) => {
  if (positional.length > 0 && keywords.size > 0) throw new Failure('`format` takes values by place or by name, not both')
  return printf(str(value), keywords.size > 0 ? new Map(keywords) : tuple(...positional))
}

const HIGHER: ReadonlyMap<string, Higher> = new Map<string, Higher>([
  ['map', map],
  ['format', format],
  ['select', choose(true, false)],
  ['reject', choose(false, false)],
  ['selectattr', choose(true, true)],
  ['rejectattr', choose(false, true)],
])

/** Jinja2's built-in filters by name. Those it has and we have not are refused by name, like any unknown one. */
export const FILTERS: ReadonlyMap<string, Filter | Higher> = new Map<string, Filter | Higher>([
  ...COMMON_FILTERS,
  ...NUMBER_FILTERS,
  ...TEXT_FILTERS,
  ...LIST_FILTERS,
  ...HIGHER,
])

/** Applies a filter by its name. Only `default` accepts a missing value. @throws Failure */
export function applyFilter(name: string, value: Value, positional: readonly Value[], keywords: Keywords): Value {
  const filter = FILTERS.get(name)
  if (!filter) throw new Failure(`there is no filter \`${name}\``)
  const present = name === 'default' || name === 'd' ? value : defined(value)
  if (typeof filter === 'function') return filter(present, positional, keywords)
  return filter.apply(present, new Arguments(name, filter.parameters, positional, keywords))
}
