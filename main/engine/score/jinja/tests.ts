import { Arguments } from './arguments.ts'
import { Failure } from './failure.ts'
import { compareBy } from './operators.ts'
import { str } from './text.ts'
import { defined, Float, type Keywords, numeric, Once, Thing, Undefined, type Value } from './values.ts'

type Check = (value: Value, argument: Value) => boolean
/** What a test finds, and how its argument is called if it takes one. */
type Test = readonly [check: Check, parameter: string | null]

/** A test about the kind of a value: false for a missing one. */
const kind = (check: (value: Value) => boolean): Test => [check, null]
/** A test that uses the value, and so refuses a missing one. */
const use = (check: (value: Exclude<Value, Undefined>) => boolean): Test => [(value) => check(defined(value)), null]
const by = (operator: string): Test => [(value, argument) => compareBy(operator, value, argument), 'other']

const isSequence = (value: Value) => typeof value === 'string' || Array.isArray(value) || value instanceof Map

function remainder(value: Value, divisor: Value): number {
  const [a, b] = [numeric(defined(value)), numeric(defined(divisor))]
  if (a === null || b === null) throw new Failure('the test needs numbers')
  if (b === 0) throw new Failure('division by zero')
  return a - b * Math.floor(a / b)
}

function sameAs(value: Value, other: Value): boolean {
  return value instanceof Float && other instanceof Float ? value.value === other.value : value === other
}

function isCased(text: string, wanted: 'lower' | 'upper'): boolean {
  const [lower, upper] = [text.toLowerCase(), text.toUpperCase()]
  return lower !== upper && text === (wanted === 'lower' ? lower : upper)
}

/** Jinja2's built-in tests. */
export const TESTS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['boolean', kind((value) => typeof value === 'boolean')],
  ['callable', kind((value) => value instanceof Undefined || (value instanceof Thing && value.call !== null))],
  ['defined', kind((value) => !(value instanceof Undefined))],
  ['undefined', kind((value) => value instanceof Undefined)],
  ['none', kind((value) => value === null)],
  ['true', kind((value) => value === true)],
  ['false', kind((value) => value === false)],
  ['integer', kind((value) => typeof value === 'number')],
  ['float', kind((value) => value instanceof Float)],
  ['number', kind((value) => numeric(value) !== null)],
  ['string', kind((value) => typeof value === 'string')],
  ['mapping', kind((value) => value instanceof Map)],
  ['iterable', use((value) => isSequence(value) || value instanceof Once)],
  ['sequence', kind(isSequence)],
  ['lower', use((value) => isCased(str(value), 'lower'))],
  ['upper', use((value) => isCased(str(value), 'upper'))],
  ['odd', use((value) => remainder(value, 2) === 1)],
  ['even', use((value) => remainder(value, 2) === 0)],
  ['divisibleby', [(value, divisor) => remainder(value, divisor) === 0, 'num']],
  ['sameas', [sameAs, 'other']],
  ['in', [(value, seq) => compareBy('in', value, seq), 'seq']],
  ...['eq', 'equalto', '=='].map((name): [string, Test] => [name, by('==')]),
  ...['ne', '!='].map((name): [string, Test] => [name, by('!=')]),
  ...['lt', 'lessthan', '<'].map((name): [string, Test] => [name, by('<')]),
  ...['le', '<='].map((name): [string, Test] => [name, by('<=')]),
  ...['gt', 'greaterthan', '>'].map((name): [string, Test] => [name, by('>')]),
  ...['ge', '>='].map((name): [string, Test] => [name, by('>=')]),
])

/** Runs a test by its name. @throws Failure when there is no such test */
export function runTest(name: string, value: Value, positional: readonly Value[], keywords: Keywords = new Map()): boolean {
  const test = TESTS.get(name)
  if (!test) throw new Failure(`there is no test \`${name}\``)
  const [check, parameter] = test
  const args = new Arguments(`is ${name}`, parameter === null ? [] : [parameter], positional, keywords)
  return check(value, parameter === null ? null : args.value(parameter))
}
