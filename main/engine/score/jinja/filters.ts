import { Arguments, type Filter } from './arguments.ts'
import { Failure } from './failure.ts'
import { LAYOUT_FILTERS } from './filters-layout.ts'
import { follow, LIST_FILTERS } from './filters-list.ts'
import { NUMBER_FILTERS } from './filters-number.ts'
import { TEXT_FILTERS } from './filters-text.ts'
import { printf } from './format.ts'
import { spend } from './limits.ts'
import { pairsOf } from './list-methods.ts'
import { ownAttribute } from './members.ts'
import { runTest } from './tests.ts'
import { str } from './text.ts'
import { defined, iterate, type Keywords, lengthOf, Once, truthy, tuple, typeName, Undefined, type Value } from './values.ts'

/** A filter that hands its arguments on to another filter or to a test. */
type Higher = (value: Value, positional: readonly Value[], keywords: Keywords) => Value

const COMMON_FILTERS: readonly (readonly [string, Filter])[] = [
  ['default', { parameters: ['default_value', 'boolean'], apply: (value, args) => orDefault(value, args) }],
  ['d', { parameters: ['default_value', 'boolean'], apply: (value, args) => orDefault(value, args) }],
  ['length', { parameters: [], apply: (value) => lengthOf(value) }],
  ['count', { parameters: [], apply: (value) => lengthOf(value) }],
  ['items', { parameters: [], apply: (value) => pairs(value) }],
  ['attr', { parameters: ['name'], apply: (value, args) => ownAttribute(value, args.text('name')) }],
]

function orDefault(value: Value, args: Arguments): Value {
  const missing = value instanceof Undefined || (args.flag('boolean') && !truthy(value))
  return missing ? args.value('default_value', '') : value
}

function pairs(value: Value): Value {
  if (value instanceof Undefined) return new Once('items', () => [])
  if (!(value instanceof Map)) throw new Failure(`\`items\` needs a dict, not a ${typeName(value)}`)
  return new Once('items', () => pairsOf(value))
}

/** Jinja2's `map` and `select` take anything that counts as false, such as `none`, for an empty list. */
function itemsOf(value: Value): readonly Value[] {
  return truthy(value) ? iterate(value) : []
}

/** Keeps the items whose value (or whose attribute) passes, or fails, a test; without a test, those that count as true. */
function choose(keep: boolean, byAttribute: boolean): Higher {
  const name = (keep ? 'select' : 'reject') + (byAttribute ? 'attr' : '')
  return (value, positional, keywords) => {
    const [path, rest] = byAttribute ? [positional[0], positional.slice(1)] : [undefined, positional]
    if (byAttribute && path === undefined) throw new Failure(`\`${name}\` needs the name of an attribute`)
    const [test, ...args] = rest
    const passes = (candidate: Value) => {
      const looked = path === undefined ? candidate : follow(candidate, path)
      return keep === (test === undefined ? truthy(looked) : runTest(testNameOf(test), looked, args, keywords))
    }
    return new Once(name, () => itemsOf(value).filter(passes))
  }
}

function testNameOf(value: Value): string {
  if (typeof value !== 'string') throw new Failure('a test is named by a text')
  return value
}

const map: Higher = (value, positional, keywords) => {
  const [name, ...args] = positional
  const path = keywords.get('attribute')
  if (name === undefined && path !== undefined) {
    const surplus = [...keywords.keys()].find((key) => key !== 'attribute' && key !== 'default')
    if (surplus !== undefined) throw new Failure(`\`map\` has no argument \`${surplus}\``)
    const fallback = keywords.get('default')
    const pick = (candidate: Value) => {
      const found = follow(candidate, path)
      return found instanceof Undefined && fallback !== undefined ? fallback : found
    }
    return new Once('map', () => itemsOf(value).map(pick))
  }
  if (typeof name !== 'string') throw new Failure('`map` needs the name of a filter, or `attribute=`')
  return new Once('map', () => itemsOf(value).map((candidate) => applyFilter(name, candidate, args, keywords)))
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
  ...LAYOUT_FILTERS,
  ...LIST_FILTERS,
  ...HIGHER,
])

const TAKES_MISSING: ReadonlySet<string> = new Set(['default', 'd', 'items'])

/** Applies a filter by its name. Only `default` and `items` accept a missing value. @throws Failure */
export function applyFilter(name: string, value: Value, positional: readonly Value[], keywords: Keywords): Value {
  const filter = FILTERS.get(name)
  if (!filter) throw new Failure(`there is no filter \`${name}\``)
  const present = TAKES_MISSING.has(name) ? value : defined(value)
  if (typeof present === 'string') spend(present.length / 20)
  if (typeof filter === 'function') return filter(present, positional, keywords)
  return filter.apply(present, new Arguments(name, filter.parameters, positional, keywords))
}
