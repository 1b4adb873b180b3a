import type { Method } from './arguments.ts'
import { Failure } from './failure.ts'
import { roomForItems } from './limits.ts'
import { repr, str } from './text.ts'
import { compare, type Dict, entry, equals, iterate, toKey, tuple, type Value, view } from './values.ts'

function indexOf(list: readonly Value[], wanted: Value): number {
  const index = list.findIndex((candidate) => equals(candidate, wanted))
  if (index < 0) throw new Failure(`${repr(wanted)} is not in the list`)
  return index
}

function grow(list: Value[], added: readonly Value[]): null {
  roomForItems(list.length + added.length)
  for (const value of added) list.push(value)
  return null
}

function insert(list: Value[], at: number, added: Value): null {
  roomForItems(list.length + 1)
  list.splice(at, 0, added)
  return null
}

function pop(list: Value[], at: number): Value {
  const index = at < 0 ? at + list.length : at
  if (index < 0 || index >= list.length) throw new Failure('there is nothing to pop at this place')
  const [removed = null] = list.splice(index, 1)
  return removed
}

function sort(list: Value[], reverse: boolean): null {
  list.sort((a, b) => (reverse ? compare(b, a) : compare(a, b)))
  return null
}

const nothing = (_: unknown): null => null

/** Python's methods of `tuple`, which a list and a range have, too. */
export const TUPLE_METHODS: readonly Method<Value[]>[] = [
  ['index', ['value'], (list, args) => indexOf(list, args.value('value'))],
  ['count', ['value'], (list, args) => list.filter((candidate) => equals(candidate, args.value('value'))).length],
]

/** Python's methods of `list`. */
export const LIST_METHODS: readonly Method<Value[]>[] = [
  ...TUPLE_METHODS,
  ['append', ['object'], (list, args) => grow(list, [args.value('object')])],
  ['extend', ['iterable'], (list, args) => grow(list, [...iterate(args.value('iterable'))])],
  ['insert', ['index', 'object'], (list, args) => insert(list, args.int('index'), args.value('object'))],
  ['pop', ['index'], (list, args) => pop(list, args.int('index', -1))],
  ['remove', ['value'], (list, args) => nothing(list.splice(indexOf(list, args.value('value')), 1))],
  ['clear', [], (list) => nothing(list.splice(0))],
  ['reverse', [], (list) => nothing(list.reverse())],
  ['sort', ['reverse'], (list, args) => sort(list, args.flag('reverse'))],
  ['copy', [], (list) => [...list]],
]

function update(dict: Dict, pairs: Iterable<readonly [Value, Value]>): null {
  for (const [key, value] of pairs) dict.set(toKey(key), value)
  roomForItems(dict.size)
  return null
}

/** Takes a key out. */
function taken(dict: Dict, key: Value, fallback: Value | undefined): Value {
  const found = entry(dict, toKey(key))
  if (found === undefined && fallback === undefined) throw new Failure(`the dict has no \`${str(key)}\``)
  dict.delete(toKey(key))
  return orFallback(found, fallback ?? null)
}

function popItem(dict: Dict): Value {
  const last = [...dict].at(-1)
  if (!last) throw new Failure('the dict is empty')
  dict.delete(last[0])
  return tuple(...last)
}

function orSet(dict: Dict, key: Value, fallback: Value): Value {
  const found = entry(dict, toKey(key))
  if (found !== undefined) return found
  dict.set(toKey(key), fallback)
  return fallback
}

function orFallback(found: Value | undefined, fallback: Value): Value {
  return found === undefined ? fallback : found
}

/** Python's methods of `dict`; `update` takes keywords, too, and stands in `members.ts`. */
export const DICT_METHODS: readonly Method<Dict>[] = [
  ['items', [], (dict) => view('dict_items', pairsOf(dict))],
  ['keys', [], (dict) => view('dict_keys', dict.keys())],
  ['values', [], (dict) => view('dict_values', dict.values())],
  ['get', ['key', 'default'], (dict, args) => orFallback(entry(dict, toKey(args.value('key'))), args.value('default', null))],
  [
    'pop',
    ['key', 'default'],
    (dict, args) => taken(dict, args.value('key'), args.has('default') ? args.value('default') : undefined),
  ],
  ['popitem', [], popItem],
  ['setdefault', ['key', 'default'], (dict, args) => orSet(dict, args.value('key'), args.value('default', null))],
  ['clear', [], (dict) => nothing(dict.clear())],
  ['copy', [], (dict) => new Map(dict)],
]

/** A dict's keys and values as tuples. */
export function pairsOf(dict: Dict): Value[] {
  return [...dict].map(([key, value]) => tuple(key, value))
}

/** `dict.update(other, **keywords)`. */
export function updated(dict: Dict, args: readonly Value[], keywords: ReadonlyMap<string, Value>): null {
  if (args.length > 1) throw new Failure('`update` takes at most 1 argument(s)')
  for (const other of args) update(dict, toDict(other))
  return update(dict, keywords)
}

/** A dict from a dict or from pairs, as `dict()` takes them. */
export function toDict(source: Value): Dict {
  if (source instanceof Map) return new Map(source)
  const dict: Dict = new Map()
  for (const pair of iterate(source)) {
    const [key, value, ...rest] = iterate(pair)
    if (key === undefined || value === undefined || rest.length > 0) throw new Failure('a dict is made of pairs')
    dict.set(toKey(key), value)
  }
  return dict
}
