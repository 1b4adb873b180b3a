import type { Arguments, Filter } from './arguments.ts'
import { Failure } from './failure.ts'
import { fixed } from './text.ts'
import { toFloat, toInt } from './to-number.ts'
import { Float, integer, numeric, typeName, type Value } from './values.ts'

/** Jinja2's filters for numbers. */
export const NUMBER_FILTERS: readonly (readonly [string, Filter])[] = [
  ['abs', { parameters: [], apply: (value) => absolute(value) }],
  [
    'int',
    { parameters: ['default', 'base'], apply: (value, args) => toInt(value, args.value('default', 0), args.int('base', 10)) },
  ],
  ['float', { parameters: ['default'], apply: (value, args) => toFloat(value, args.value('default', new Float(0))) }],
  ['round', { parameters: ['precision', 'method'], apply: (value, args) => round(value, args) }],
]

function absolute(value: Value): Value {
  const number = numeric(value)
  if (number === null) throw new Failure(`\`abs\` needs a number, not a ${typeName(value)}`)
  return value instanceof Float ? new Float(Math.abs(number)) : Math.abs(number)
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
