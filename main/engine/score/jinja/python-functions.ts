import { Arguments } from './arguments.ts'
import { Failure } from './failure.ts'
import { applyFilter } from './filters.ts'
import { calculate } from './operators.ts'
import { fixed, str } from './text.ts'
import { toFloat, toInt } from './to-number.ts'
import {
  compare,
  defined,
  integer,
  iterate,
  type Keywords,
  lengthOf,
  numeric,
  Thing,
  truthy,
  typeName,
  type Value,
} from './values.ts'

type Apply = (args: Arguments) => Value

/** A function with named arguments. */
const named = (name: string, parameters: readonly string[], apply: Apply): [string, Thing] => [
  name,
  new Thing(`<built-in function ${name}>`, (args, keywords) => apply(new Arguments(name, parameters, args, keywords))),
]

/** `min` and `max` take several values or one list. */
const extreme = (name: string, sign: number): [string, Thing] => [
  name,
  new Thing(`<built-in function ${name}>`, (args, keywords) => outermost(name, sign, args, keywords)),
]

function outermost(name: string, sign: number, args: readonly Value[], keywords: Keywords): Value {
  const [first, ...more] = args
  const { length } = args
  if (first === undefined) throw new Failure(`\`${name}\` needs something to choose from`)
  const [best, ...others] = more.length > 0 ? args : iterate(first)
  const found = best ?? keywords.get('default')
  const surplus = [...keywords.keys()].find((key) => key !== 'default' || length > 1)
  if (surplus !== undefined) throw new Failure(`\`${name}\` has no argument \`${surplus}\` here`)
  if (best === undefined && found === undefined)
    throw new Failure(`\`${name}\` has nothing to choose from; \`default=\` says what then`)
  return others.reduce<Value>((chosen, other) => (compare(other, chosen) * sign > 0 ? other : chosen), found ?? null)
}

function toWhole(value: Value): Value {
  const whole = typeof value !== 'string' || /^\s*[-+]?\d+\s*$/.test(value) ? toInt(defined(value), null, 10) : null
  if (whole === null) throw new Failure(`\`int\` cannot make a whole number of ${str(value)}`)
  return whole
}

function toReal(value: Value): Value {
  const real = toFloat(defined(value), null)
  if (real === null) throw new Failure(`\`float\` cannot make a number of ${str(value)}`)
  return real
}

/** Python's `round`: halves to the even neighbour; a whole number unless digits are asked for. */
function rounded(value: Value, digits: Value | null): Value {
  const number = numeric(defined(value))
  if (number === null) throw new Failure(`\`round\` needs a number, not a ${typeName(value)}`)
  return digits === null ? integer(Number(fixed(number, 0))) : applyFilter('round', value, [digits], new Map())
}

function sum(args: Arguments): Value {
  return iterate(args.value('iterable')).reduce<Value>((total, next) => calculate('+', total, next), args.value('start', 0))
}

function sorted(args: Arguments): Value {
  const reverse = args.flag('reverse')
  return [...iterate(args.value('iterable'))].sort((a, b) => (reverse ? compare(b, a) : compare(a, b)))
}

/** The functions of Python that expressions of a score may call. */
export const PYTHON_FUNCTIONS: ReadonlyMap<string, Value> = new Map<string, Value>([
  named('len', ['obj'], (args) => lengthOf(args.value('obj'))),
  named('any', ['iterable'], (args) => iterate(args.value('iterable')).some(truthy)),
  named('all', ['iterable'], (args) => iterate(args.value('iterable')).every(truthy)),
  named('sum', ['iterable', 'start'], sum),
  named('sorted', ['iterable', 'reverse'], sorted),
  named('abs', ['x'], (args) => applyFilter('abs', args.value('x'), [], new Map())),
  named('round', ['number', 'ndigits'], (args) => rounded(args.value('number'), args.value('ndigits', null))),
  named('int', ['x'], (args) => toWhole(args.value('x', 0))),
  named('float', ['x'], (args) => toReal(args.value('x', 0))),
  named('str', ['object'], (args) => str(args.value('object', ''))),
  named('bool', ['x'], (args) => truthy(args.value('x', false))),
  extreme('min', -1),
  extreme('max', 1),
])
