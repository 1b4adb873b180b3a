import type { Arguments, Filter } from './arguments.ts'
import { Failure } from './failure.ts'
import { roomForItems } from './limits.ts'
import { item } from './members.ts'
import { calculate } from './operators.ts'
import { joinText, str } from './text.ts'
import { characters, compare, defined, equals, Group, iterate, Once, tuple, typeName, Undefined, type Value } from './values.ts'

type Pick = (value: Value) => Value

/** Follows a path such as `a.b.0` (Jinja2: `attribute=`). */
export function follow(value: Value, path: Value): Value {
  if (typeof path === 'number') return item(value, path)
  if (typeof path !== 'string') throw new Failure('an attribute is named by a text or a number')
  return path.split('.').reduce<Value>((inner, part) => item(inner, /^\d+$/.test(part) ? Number(part) : part), value)
}

/** What to look at of each item: one attribute or the item itself; texts in lower case unless case matters. */
function picker(args: Arguments): Pick {
  const path = args.value('attribute', null)
  const cased = args.flag('case_sensitive')
  const fold: Pick = (value) => (typeof value === 'string' && !cased ? value.toLowerCase() : value)
  if (path === null) return fold
  return (value) => {
    const found = follow(value, path)
    return fold(found instanceof Undefined ? args.value('default', found) : found)
  }
}

/** Like `picker`, for `sort`, where `attribute` may name several separated by commas. */
function sortPicker(args: Arguments): Pick {
  const path = args.value('attribute', null)
  if (typeof path !== 'string' || !path.includes(',')) return picker(args)
  const cased = args.flag('case_sensitive')
  const fold: Pick = (value) => (typeof value === 'string' && !cased ? value.toLowerCase() : value)
  return (value) => path.split(',').map((part) => fold(follow(value, part)))
}

function sorted(values: readonly Value[], pick: Pick, reverse: boolean): Value[] {
  const keyed = values.map((value) => ({ value, key: pick(value) }))
  keyed.sort((a, b) => (reverse ? compare(b.key, a.key) : compare(a.key, b.key)))
  return keyed.map(({ value }) => value)
}

function extreme(value: Value, args: Arguments, sign: number, what: string): Value {
  const pick = picker(args)
  let best: { value: Value; key: Value } | null = null
  for (const candidate of iterate(value)) {
    const key = pick(candidate)
    if (best === null || compare(key, best.key) * sign > 0) best = { value: candidate, key }
  }
  return best ? best.value : new Undefined(`there is no ${what}: the list is empty`)
}

function unique(value: Value, args: Arguments): Value[] {
  const pick = picker(args)
  const seen: Value[] = []
  const plain = new Set<Value>()
  return iterate(value).filter((candidate) => {
    const key = defined(pick(candidate))
    if (typeof key === 'string') return !plain.has(key) && plain.add(key)
    if (seen.some((other) => equals(other, key))) return false
    seen.push(key)
    return true
  })
}

function groupBy(value: Value, args: Arguments): Value[] {
  args.value('attribute')
  const pick = picker(args)
  const groups: { key: Value; name: Value; members: Value[] }[] = []
  for (const member of sorted(iterate(value), pick, false)) {
    const key = pick(member)
    const last = groups.at(-1)
    if (last && equals(last.key, key)) last.members.push(member)
    else groups.push({ key, name: args.flag('case_sensitive') ? key : original(member, args, key), members: [member] })
  }
  return groups.map(({ name, members }) => new Group(name, members))
}

/** The group is named as its first member writes it, not in lower case. */
function original(member: Value, args: Arguments, key: Value): Value {
  const found = follow(member, args.value('attribute'))
  return found instanceof Undefined ? key : found
}

function sum(value: Value, args: Arguments): Value {
  const path = args.value('attribute', null)
  const values = path === null ? iterate(value) : iterate(value).map((member) => follow(member, path))
  return values.reduce<Value>((total, next) => calculate('+', total, next), args.value('start', 0))
}

function join(value: Value, args: Arguments): string {
  const path = args.value('attribute', null)
  const values = path === null ? iterate(value) : iterate(value).map((member) => follow(member, path))
  return joinText(values.map(str), str(args.value('d', '')))
}

function reverse(value: Value): Value {
  return typeof value === 'string'
    ? characters(value).reverse().join('')
    : new Once('reverse', () => [...iterate(value)].reverse())
}

/** The first item; of what can be gone through once, only this one is taken. */
function first(value: Value): Value {
  const found = value instanceof Once ? value.next() : iterate(value)[0]
  return found === undefined ? new Undefined('there is no first item: the list is empty') : found
}

function last(value: Value): Value {
  if (value instanceof Once)
    throw new Failure(`\`last\` cannot look into what \`${value.name}\` gives; write \`| list\` between them`)
  const found = iterate(value).at(-1)
  return found === undefined ? new Undefined('there is no last item: the list is empty') : found
}

function batch(value: Value, args: Arguments): Value[] {
  const size = args.int('linecount')
  if (size < 1) throw new Failure('`batch` needs a size of 1 or more')
  const rows: Value[][] = []
  for (const [index, member] of iterate(value).entries()) {
    if (index % size === 0) rows.push([])
    rows.at(-1)?.push(member)
  }
  const fill = args.value('fill_with', null)
  const last = rows.at(-1)
  if (fill !== null && last) {
    roomForItems(size)
    while (last.length < size) last.push(fill)
  }
  return rows
}

function columns(value: Value, args: Arguments): Value[] {
  const count = args.int('slices')
  if (count < 1) throw new Failure('`slice` needs a count of 1 or more')
  roomForItems(count)
  const all = iterate(value)
  const fill = args.value('fill_with', null)
  const least = Math.floor(all.length / count)
  const longer = all.length % count
  return Array.from({ length: count }, (_, index) => {
    const start = index * least + Math.min(index, longer)
    const column = all.slice(start, start + least + (index < longer ? 1 : 0))
    return fill !== null && index >= longer ? [...column, fill] : column
  })
}

function dictSort(value: Value, args: Arguments): Value[] {
  if (!(value instanceof Map)) throw new Failure(`\`dictsort\` needs a dict, not a ${typeName(value)}`)
  const by = args.text('by', 'key')
  if (by !== 'key' && by !== 'value') throw new Failure('`by` is key or value')
  const fold: Pick = (key) => (typeof key === 'string' && !args.flag('case_sensitive') ? key.toLowerCase() : key)
  const pairs = [...value].map(([key, entry]) => tuple(key, entry))
  return sorted(pairs, (pair) => fold(item(pair, by === 'key' ? 0 : 1)), args.flag('reverse'))
}

const once =
  (name: string, items: (value: Value, args: Arguments) => Value[]): Filter['apply'] =>
  (value, args) =>
    new Once(name, () => items(value, args))

const ORDER = ['case_sensitive', 'attribute'] as const

/** Jinja2's filters for lists and dicts. */
export const LIST_FILTERS: readonly (readonly [string, Filter])[] = [
  ['list', { parameters: [], apply: (value) => [...iterate(value)] }],
  ['first', { parameters: [], apply: first }],
  ['last', { parameters: [], apply: last }],
  ['reverse', { parameters: [], apply: reverse }],
  ['join', { parameters: ['d', 'attribute'], apply: join }],
  ['sum', { parameters: ['attribute', 'start'], apply: sum }],
  ['min', { parameters: ORDER, apply: (value, args) => extreme(value, args, -1, 'smallest item') }],
  ['max', { parameters: ORDER, apply: (value, args) => extreme(value, args, 1, 'largest item') }],
  ['unique', { parameters: ORDER, apply: once('unique', unique) }],
  [
    'sort',
    {
      parameters: ['reverse', ...ORDER],
      apply: (value, args) => sorted(iterate(value), sortPicker(args), args.flag('reverse')),
    },
  ],
  ['groupby', { parameters: ['attribute', 'default', 'case_sensitive'], apply: groupBy }],
  ['batch', { parameters: ['linecount', 'fill_with'], apply: once('batch', batch) }],
  ['slice', { parameters: ['slices', 'fill_with'], apply: once('slice', columns) }],
  ['dictsort', { parameters: ['case_sensitive', 'by', 'reverse'], apply: dictSort }],
]
