import { Failure } from './failure.ts'
import { joinText, lines, pad, replaceText, strip } from './text.ts'
import { characters, defined, iterate, type Keywords, numeric, typeName, type Value } from './values.ts'

export type Method<T> = (self: T, args: readonly Value[], keywords: Keywords) => Value

const textArg = (value: Value | undefined, what: string): string => {
  if (typeof value !== 'string') throw new Failure(`\`${what}\` needs a text, not a ${typeName(value ?? null)}`)
  return value
}
/** A whole number, or `fallback` when none is given. */
export const intArg = (value: Value | undefined, fallback: number): number =>
  value === undefined || value === null ? fallback : Math.trunc(numeric(defined(value)) ?? fallback)
const set = (value: Value | undefined): string | null => (value === undefined || value === null ? null : textArg(value, 'strip'))

function startsOrEnds(value: Value | undefined, check: (affix: string) => boolean): boolean {
  return Array.isArray(value) ? value.some((affix) => check(textArg(affix, 'startswith'))) : check(textArg(value, 'startswith'))
}

function split(text: string, args: readonly Value[], keywords: Keywords, fromEnd: boolean): Value[] {
  const separator = args[0] ?? keywords.get('sep') ?? null
  const limit = intArg(args[1] ?? keywords.get('maxsplit'), -1)
  const parts =
    separator === null ? text.split(/\s+/).filter((part) => part !== '') : text.split(nonEmpty(textArg(separator, 'split')))
  if (limit < 0 || parts.length <= limit + 1) return parts
  if (separator === null) return splitSpace(text, limit, fromEnd)
  const joined = (some: string[]) => some.join(String(separator))
  if (fromEnd) return [joined(parts.slice(0, parts.length - limit)), ...parts.slice(parts.length - limit)]
  return [...parts.slice(0, limit), joined(parts.slice(limit))]
}

function splitSpace(text: string, limit: number, fromEnd: boolean): string[] {
  let rest = text.trim()
  const parts: string[] = []
  while (parts.length < limit) {
    const match = fromEnd ? /^([\s\S]*\S)\s+(\S+)$/.exec(rest) : /^(\S+)\s+([\s\S]+)$/.exec(rest)
    if (!match) break
    rest = (fromEnd ? match[1] : match[2]) ?? ''
    parts.push((fromEnd ? match[2] : match[1]) ?? '')
  }
  return fromEnd ? [rest, ...parts.reverse()] : [...parts, rest]
}

function nonEmpty(separator: string): string {
  if (separator === '') throw new Failure('`split` needs a separator that is not empty')
  return separator
}

function count(text: string, part: string): number {
  return part === '' ? characters(text).length + 1 : text.split(part).length - 1
}

/** Index in code points, as Python counts. */
function find(text: string, part: string, last: boolean): number {
  const index = last ? text.lastIndexOf(part) : text.indexOf(part)
  return index < 0 ? -1 : characters(text.slice(0, index)).length
}

const capitalize = (text: string) => {
  const [first = '', ...rest] = characters(text)
  return first.toUpperCase() + rest.join('').toLowerCase()
}
const title = (text: string) => text.replace(/\p{L}+/gu, capitalize)
const every = (text: string, pattern: RegExp) => text !== '' && pattern.test(text)

/** Python's methods of `str`, as far as templates use them. */
export const TEXT_METHODS: ReadonlyMap<string, Method<string>> = new Map<string, Method<string>>([
  ['upper', (text) => text.toUpperCase()],
  ['lower', (text) => text.toLowerCase()],
  ['casefold', (text) => text.toLowerCase()],
  ['capitalize', capitalize],
  ['title', title],
  [
    'swapcase',
    (text) =>
      characters(text)
        .map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase()))
        .join(''),
  ],
  ['strip', (text, [chars]) => strip(text, set(chars), 'both')],
  ['lstrip', (text, [chars]) => strip(text, set(chars), 'left')],
  ['rstrip', (text, [chars]) => strip(text, set(chars), 'right')],
  ['startswith', (text, [prefix]) => startsOrEnds(prefix, (affix) => text.startsWith(affix))],
  ['endswith', (text, [suffix]) => startsOrEnds(suffix, (affix) => text.endsWith(affix))],
  ['split', (text, args, keywords) => split(text, args, keywords, false)],
  ['rsplit', (text, args, keywords) => split(text, args, keywords, true)],
  ['splitlines', (text) => lines(text)],
  [
    'replace',
    (text, [old, replacement, limit], keywords) =>
      replaceText(text, textArg(old, 'replace'), textArg(replacement, 'replace'), intArg(limit ?? keywords.get('count'), -1)),
  ],
  [
    'join',
    (text, [items]) =>
      joinText(
        iterate(items ?? null).map((item) => textArg(item, 'join')),
        text,
      ),
  ],
  ['find', (text, [part]) => find(text, textArg(part, 'find'), false)],
  ['rfind', (text, [part]) => find(text, textArg(part, 'rfind'), true)],
  ['count', (text, [part]) => count(text, textArg(part, 'count'))],
  ['zfill', (text, [width]) => zfill(text, intArg(width, 0))],
  ['ljust', (text, [width, fill]) => pad(text, intArg(width, 0), 'right', fillOf(fill))],
  ['rjust', (text, [width, fill]) => pad(text, intArg(width, 0), 'left', fillOf(fill))],
  ['center', (text, [width, fill]) => pad(text, intArg(width, 0), 'center', fillOf(fill))],
  [
    'removeprefix',
    (text, [prefix]) => (text.startsWith(textArg(prefix, 'removeprefix')) ? text.slice(String(prefix).length) : text),
  ],
  ['removesuffix', (text, [suffix]) => removeSuffix(text, textArg(suffix, 'removesuffix'))],
  ['isdigit', (text) => every(text, /^\p{Nd}+$/u)],
  ['isnumeric', (text) => every(text, /^\p{N}+$/u)],
  ['isalpha', (text) => every(text, /^\p{L}+$/u)],
  ['isalnum', (text) => every(text, /^[\p{L}\p{N}]+$/u)],
  ['isspace', (text) => every(text, /^\s+$/)],
  ['isupper', (text) => text === text.toUpperCase() && text !== text.toLowerCase()],
  ['islower', (text) => text === text.toLowerCase() && text !== text.toUpperCase()],
])

function fillOf(fill: Value | undefined): string {
  return fill === undefined ? ' ' : textArg(fill, 'center')
}

function removeSuffix(text: string, suffix: string): string {
  return suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text
}

function zfill(text: string, width: number): string {
  const sign = /^[-+]/.exec(text)?.[0] ?? ''
  return sign + pad(text.slice(sign.length), width - sign.length, 'left', '0')
}
