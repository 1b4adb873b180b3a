import type { Arguments, Method } from './arguments.ts'
import { Failure } from './failure.ts'
import { roomFor } from './limits.ts'
import { splitAt, splitSpace } from './split.ts'
import { joinText, lines, pad, replaceText, strip } from './text.ts'
import { characters, defined, iterate, tuple, typeName, type Value } from './values.ts'

/** First letter upper, the rest lower case. */
export const capitalize = (text: string) => {
  const [first = '', ...rest] = characters(text)
  return first.toUpperCase() + rest.join('').toLowerCase()
}

const title = (text: string) => text.replace(/\p{L}+/gu, capitalize)
const every = (text: string, pattern: RegExp) => text !== '' && pattern.test(text)
const chars = (args: Arguments) => (args.value('chars', null) === null ? null : args.text('chars'))

function affixes(args: Arguments, name: string): string[] {
  const given = defined(args.value(name))
  const all = Array.isArray(given) ? given : [given]
  return all.map((affix) => {
    if (typeof affix === 'string') return affix
    throw new Failure(`\`${name}\` is a text or several, not a ${typeName(affix)}`)
  })
}

/** The part of the text from `start` to `end`, and where it starts, both in code points. */
function part(text: string, args: Arguments): { text: string; from: number } {
  const [start, end] = [args.optionalInt('start'), args.optionalInt('end')]
  if (start === null && end === null) return { text, from: 0 }
  const all = characters(text)
  const from = start === null ? 0 : start < 0 ? Math.max(0, all.length + start) : start
  return { text: all.slice(from, end ?? undefined).join(''), from }
}

/** Index in code points, as Python counts; -1 when it is not there. */
function find(text: string, args: Arguments, last: boolean): number {
  const looked = part(text, args)
  const sub = args.text('sub')
  const index = last ? looked.text.lastIndexOf(sub) : looked.text.indexOf(sub)
  return index < 0 ? -1 : looked.from + characters(looked.text.slice(0, index)).length
}

function index(text: string, args: Arguments, last: boolean): number {
  const found = find(text, args, last)
  if (found < 0) throw new Failure('the text does not contain what is looked for')
  return found
}

function count(text: string, args: Arguments): number {
  const looked = part(text, args).text
  const sub = args.text('sub')
  return sub === '' ? characters(looked).length + 1 : looked.split(sub).length - 1
}

function split(text: string, args: Arguments, fromEnd: boolean): Value[] {
  const limit = args.int('maxsplit', -1)
  if (args.value('sep', null) === null) return splitSpace(text, limit, fromEnd)
  return splitAt(text, args.text('sep'), limit, fromEnd)
}

/** Before, separator, after. */
function partition(text: string, separator: string, last: boolean): Value {
  if (separator === '') throw new Failure('the separator cannot be empty')
  const at = last ? text.lastIndexOf(separator) : text.indexOf(separator)
  if (at < 0) return last ? tuple('', '', text) : tuple(text, '', '')
  return tuple(text.slice(0, at), separator, text.slice(at + separator.length))
}

function join(separator: string, args: Arguments): string {
  const parts = iterate(args.value('iterable')).map((entry) => {
    if (typeof entry === 'string') return entry
    throw new Failure(`\`join\` joins texts, not a ${typeName(entry)}`)
  })
  return joinText(parts, separator)
}

function zfill(text: string, width: number): string {
  const sign = /^[-+]/.exec(text)?.[0] ?? ''
  return sign + pad(text.slice(sign.length), width - sign.length, 'left', '0')
}

function fill(args: Arguments): string {
  const given = args.text('fillchar', ' ')
  if (characters(given).length !== 1) throw new Failure('`fillchar` is exactly one character')
  return given
}

function expandTabs(text: string, size: number): string {
  let column = 0
  const parts = characters(text).map((character) => {
    if (character === '\t') {
      const width = size > 0 ? size - (column % size) : 0
      column += width
      roomFor(width)
      return ' '.repeat(width)
    }
    column = character === '\n' || character === '\r' ? 0 : column + 1
    return character
  })
  return joinText(parts, '')
}

/** Words start with a capital, and nothing else is one. */
function isTitle(text: string): boolean {
  return /\p{Lu}/u.test(text) && title(text) === text
}

const swapCase = (text: string) =>
  characters(text)
    .map((character) => (character === character.toUpperCase() ? character.toLowerCase() : character.toUpperCase()))
    .join('')

const RANGE = ['sub', 'start', 'end'] as const

/** Python's methods of `str`, except those that make bytes or tables (`encode`, `translate`, `maketrans`). */
export const TEXT_METHODS: readonly Method<string>[] = [
  ['upper', [], (text) => text.toUpperCase()],
  ['lower', [], (text) => text.toLowerCase()],
  ['casefold', [], (text) => text.toLowerCase().replaceAll('ß', 'ss')],
  ['capitalize', [], capitalize],
  ['title', [], title],
  ['swapcase', [], swapCase],
  ['strip', ['chars'], (text, args) => strip(text, chars(args), 'both')],
  ['lstrip', ['chars'], (text, args) => strip(text, chars(args), 'left')],
  ['rstrip', ['chars'], (text, args) => strip(text, chars(args), 'right')],
  [
    'startswith',
    ['prefix', 'start', 'end'],
    (text, args) => affixes(args, 'prefix').some((affix) => part(text, args).text.startsWith(affix)),
  ],
  [
    'endswith',
    ['suffix', 'start', 'end'],
    (text, args) => affixes(args, 'suffix').some((affix) => part(text, args).text.endsWith(affix)),
  ],
  ['split', ['sep', 'maxsplit'], (text, args) => split(text, args, false)],
  ['rsplit', ['sep', 'maxsplit'], (text, args) => split(text, args, true)],
  ['splitlines', ['keepends'], (text, args) => lines(text, args.flag('keepends'))],
  ['partition', ['sep'], (text, args) => partition(text, args.text('sep'), false)],
  ['rpartition', ['sep'], (text, args) => partition(text, args.text('sep'), true)],
  [
    'replace',
    ['old', 'new', 'count'],
    (text, args) => replaceText(text, args.text('old'), args.text('new'), args.int('count', -1)),
  ],
  ['join', ['iterable'], join],
  ['find', RANGE, (text, args) => find(text, args, false)],
  ['rfind', RANGE, (text, args) => find(text, args, true)],
  ['index', RANGE, (text, args) => index(text, args, false)],
  ['rindex', RANGE, (text, args) => index(text, args, true)],
  ['count', RANGE, count],
  ['zfill', ['width'], (text, args) => zfill(text, args.int('width'))],
  ['ljust', ['width', 'fillchar'], (text, args) => pad(text, args.int('width'), 'right', fill(args))],
  ['rjust', ['width', 'fillchar'], (text, args) => pad(text, args.int('width'), 'left', fill(args))],
  ['center', ['width', 'fillchar'], (text, args) => pad(text, args.int('width'), 'center', fill(args))],
  ['expandtabs', ['tabsize'], (text, args) => expandTabs(text, args.int('tabsize', 8))],
  [
    'removeprefix',
    ['prefix'],
    (text, args) => (text.startsWith(args.text('prefix')) ? text.slice(args.text('prefix').length) : text),
  ],
  ['removesuffix', ['suffix'], (text, args) => removeSuffix(text, args.text('suffix'))],
  ['isdigit', [], (text) => every(text, /^[\p{Nd}\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089]+$/u)],
  ['isdecimal', [], (text) => every(text, /^\p{Nd}+$/u)],
  ['isnumeric', [], (text) => every(text, /^\p{N}+$/u)],
  ['isalpha', [], (text) => every(text, /^\p{L}+$/u)],
  ['isalnum', [], (text) => every(text, /^[\p{L}\p{N}]+$/u)],
  ['isascii', [], (text) => !/[\u0080-\uffff]/.test(text)],
  ['isidentifier', [], (text) => every(text, /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{N}\p{Pc}]*$/u)],
  ['isprintable', [], (text) => !/[\p{C}\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/u.test(text)],
  ['isspace', [], (text) => text !== '' && strip(text, null, 'left') === ''],
  ['istitle', [], isTitle],
  ['isupper', [], (text) => text === text.toUpperCase() && text !== text.toLowerCase()],
  ['islower', [], (text) => text === text.toLowerCase() && text !== text.toUpperCase()],
]

function removeSuffix(text: string, suffix: string): string {
  return suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text
}
