import { Failure } from './failure.ts'
import { printf } from './format.ts'
import { roomFor, roomForItems, spend } from './limits.ts'
import { joinText, str } from './text.ts'
import {
  compare,
  defined,
  entry,
  equals,
  Float,
  integer,
  numeric,
  Once,
  Tuple,
  toKey,
  tuple,
  typeName,
  type Value,
  View,
} from './values.ts'

/** One comparison, as Python makes it. */
export function compareBy(operator: string, left: Value, right: Value): boolean {
  switch (operator) {
    case '==':
      return equals(left, right)
    case '!=':
      return !equals(left, right)
    case '<':
      return compare(left, right) < 0
    case '>':
      return compare(left, right) > 0
    case '<=':
      return compare(left, right) <= 0
    case '>=':
      return compare(left, right) >= 0
    case 'in':
      return contains(right, left)
    case 'is':
      return same(left, right)
    case 'is not':
      return !same(left, right)
    default:
      return !contains(right, left)
  }
}

/** Python's `is`: meant for `None`, `True` and `False`. */
function same(left: Value, right: Value): boolean {
  return defined(left) === defined(right)
}

function contains(givenContainer: Value, givenItem: Value): boolean {
  const item = defined(givenItem)
  const container = defined(givenContainer)
  if (typeof container === 'string') {
    spend(container.length / 100)
    if (typeof item === 'string') return container.includes(item)
    throw new Failure(`a ${typeName(item)} cannot be looked for in a text`)
  }
  if (container instanceof Map) return entry(container, toKey(item)) !== undefined
  if (container instanceof Once) return container.take().some((candidate) => equals(candidate, item))
  if (Array.isArray(container)) return container.some((candidate) => equals(candidate, item))
  throw new Failure(`nothing can be looked for in a ${typeName(container)}`)
}

/** `+ - * / // % ** ~` as Python computes them; integers stay integers. */
export function calculate(operator: string, givenLeft: Value, givenRight: Value): Value {
  const left = defined(givenLeft)
  const right = defined(givenRight)
  if (operator === '~') return joinText([str(left), str(right)], '')
  if (operator === '%' && typeof left === 'string') return printf(left, right)
  const a = numeric(left)
  const b = numeric(right)
  if (a !== null && b !== null) return arithmetic(operator, a, b, left instanceof Float || right instanceof Float)
  if (operator === '+') {
    if (typeof left === 'string' && typeof right === 'string') return joinText([left, right], '')
    if (Array.isArray(left) && Array.isArray(right) && typeName(left) === typeName(right) && !(left instanceof View)) {
      roomForItems(left.length + right.length)
      return left instanceof Tuple ? tuple(...left, ...right) : [...left, ...right]
    }
  }
  if (operator === '*') {
    if (b !== null && !(right instanceof Float)) return repeat(left, b, right)
    if (a !== null && !(left instanceof Float)) return repeat(right, a, right)
  }
  throw wrongTypes(operator, left, right)
}

function wrongTypes(operator: string, left: Value, right: Value): Failure {
  return new Failure(`\`${operator}\` does not work between a ${typeName(left)} and a ${typeName(right)}`)
}

function repeat(value: Value, times: number, right: Value): Value {
  const count = Math.max(0, times)
  if (typeof value === 'string') {
    roomFor(value.length * count)
    return value.repeat(count)
  }
  if (!Array.isArray(value) || value instanceof View) throw wrongTypes('*', value, right)
  roomForItems(value.length * count)
  const items = Array.from({ length: count }, () => [...value]).flat()
  return value instanceof Tuple ? tuple(...items) : items
}

function arithmetic(operator: string, a: number, b: number, float: boolean): Value {
  const result = (value: number) => (float ? new Float(value) : integer(value))
  if (b === 0 && (operator === '/' || operator === '//' || operator === '%')) throw new Failure('division by zero')
  switch (operator) {
    case '+':
      return result(a + b)
    case '-':
      return result(a - b)
    case '*':
      return result(a * b)
    case '/':
      return new Float(a / b)
    case '//':
      return result(Math.floor(a / b))
    case '%':
      return result(a - b * Math.floor(a / b))
    default:
      return power(a, b, float)
  }
}

function power(a: number, b: number, float: boolean): Value {
  const value = a ** b
  if (!Number.isFinite(value)) throw new Failure('the power has no finite value')
  return float || b < 0 ? new Float(value) : integer(value)
}

/** A sign before a value. */
export function negate(operator: string, given: Value): Value {
  const value = defined(given)
  const number = numeric(value)
  if (number === null) throw new Failure(`\`${operator}\` does not work on a ${typeName(value)}`)
  const signed = operator === '-' ? -number : number
  return value instanceof Float ? new Float(signed) : integer(signed)
}
