import { Failure } from './failure.ts'
import { compareBy } from './operators.ts'
import { str } from './text.ts'
import { Callable, defined, Float, numeric, Undefined, type Value } from './values.ts'

type Test = (value: Value, argument: Value) => boolean

const isInteger = (value: Value) => typeof value === 'number'
const isFloat = (value: Value) => value instanceof Float
const isIterable = (value: Value) => typeof value === 'string' || Array.isArray(value) || value instanceof Map

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

const by =
  (operator: string): Test =>
  (value, argument) =>
    compareBy(operator, value, argument)

/** Jinja2's built-in tests. Those about the kind of a value are false for a missing one, all others refuse it. */
export const TESTS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['boolean', (value) => typeof value === 'boolean'],
  ['callable', (value) => value instanceof Callable],
  ['defined', (value) => !(value instanceof Undefined)],
  ['undefined', (value) => value instanceof Undefined],
  ['none', (value) => value === null],
  ['true', (value) => value === true],
  ['false', (value) => value === false],
  ['integer', isInteger],
  ['float', isFloat],
  ['number', (value) => numeric(value) !== null],
  ['string', (value) => typeof value === 'string'],
  ['mapping', (value) => value instanceof Map],
  ['iterable', isIterable],
  ['sequence', isIterable],
  ['lower', (value) => isCased(str(value), 'lower')],
  ['upper', (value) => isCased(str(value), 'upper')],
  ['odd', (value) => remainder(value, 2) === 1],
  ['even', (value) => remainder(value, 2) === 0],
  ['divisibleby', (value, argument) => remainder(value, argument) === 0],
  ['sameas', sameAs],
  ['in', by('in')],
  ['eq', by('==')],
  ['equalto', by('==')],
  ['==', by('==')],
  ['ne', by('!=')],
  ['lt', by('<')],
  ['lessthan', by('<')],
  ['le', by('<=')],
  ['gt', by('>')],
  ['greaterthan', by('>')],
  ['ge', by('>=')],
])

/** Runs a test by its name. @throws Failure when there is no such test. */
export function runTest(name: string, value: Value, args: readonly Value[]): boolean {
  const test = TESTS.get(name)
  if (!test) throw new Failure(`there is no test \`${name}\``)
  if (args.length > 1) throw new Failure(`the test \`${name}\` takes one argument at most`)
  return test(value, args[0] ?? null)
}
