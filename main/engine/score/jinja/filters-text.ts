import type { Arguments, Filter } from './arguments.ts'
import { Failure } from './failure.ts'
import { toJson } from './json.ts'
import { roomFor } from './limits.ts'
import { joinText, lines, pad, replaceText, str, strip } from './text.ts'
import { capitalize } from './text-methods.ts'
import { characters, iterate, typeName, type Value } from './values.ts'

/** Unlike Python's method of that name it keeps apostrophes inside a word. */
const title = (text: string) =>
  text
    .split(/([-\s({[<]+)/)
    .map((part) => capitalize(part))
    .join('')

function truncate(text: string, args: Arguments): string {
  const length = args.int('length', 255)
  const end = args.text('end', '...')
  const all = characters(text)
  if (length < characters(end).length) throw new Failure(`\`length\` is at least that of the ending, ${characters(end).length}`)
  if (all.length <= length + args.int('leeway', 5)) return text
  const kept = all.slice(0, length - characters(end).length).join('')
  if (args.flag('killwords')) return kept + end
  const space = kept.lastIndexOf(' ')
  return (space < 0 ? kept : kept.slice(0, space)) + end
}

function indent(text: string, args: Arguments): string {
  const width = args.value('width', 4)
  const by = typeof width === 'string' ? width : spaces(args.int('width', 4))
  const all = lines(`${text}\n`)
  const [first = '', ...rest] = args.flag('blank')
    ? all.map((line, index) => (index === 0 ? line : by + line))
    : indentFilled(all, by)
  return joinText([(args.flag('first') ? by : '') + first, ...rest], '\n')
}

function indentFilled(all: readonly string[], by: string): string[] {
  return all.map((line, index) => (index === 0 || line === '' ? line : by + line))
}

function spaces(count: number): string {
  roomFor(count)
  return ' '.repeat(Math.max(0, count))
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&#39;', '"': '&#34;' }

/** For HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>'"]/g, (character) => ENTITIES[character] ?? character)
}

function quoteUrl(text: string, safe: boolean): string {
  const quoted = encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return safe ? quoted.replaceAll('%2F', '/') : quoted.replaceAll('%20', '+')
}

function urlEncode(value: Value): string {
  if (typeof value === 'string' || !(value instanceof Map || Array.isArray(value))) return quoteUrl(str(value), true)
  const pairs = value instanceof Map ? [...value] : value.map((pair) => iterate(pair))
  if (pairs.some((pair) => pair.length !== 2)) throw new Failure('`urlencode` needs a text, a dict or a list of pairs')
  return pairs.map(([key, entry]) => `${quoteUrl(str(key ?? null), false)}=${quoteUrl(str(entry ?? null), false)}`).join('&')
}

function replace(text: string, args: Arguments): string {
  const count = args.value('count', null)
  return replaceText(text, str(args.value('old')), str(args.value('new')), count === null ? -1 : args.int('count', -1))
}

const onText = (parameters: readonly string[], change: (text: string, args: Arguments) => Value): Filter => ({
  parameters,
  apply: (value, args) => change(str(value), args),
})

/** Some filters do not make a text of what they get. */
const onTextOnly = (name: string, parameters: readonly string[], change: (text: string, args: Arguments) => Value): Filter => ({
  parameters,
  apply: (value, args) => {
    if (typeof value !== 'string') throw new Failure(`\`${name}\` needs a text, not a ${typeName(value)}`)
    return change(value, args)
  },
})

/** Jinja2's filters for texts. */
export const TEXT_FILTERS: readonly (readonly [string, Filter])[] = [
  ['string', onText([], (text) => text)],
  ['safe', onText([], (text) => text)],
  ['upper', onText([], (text) => text.toUpperCase())],
  ['lower', onText([], (text) => text.toLowerCase())],
  ['capitalize', onText([], capitalize)],
  ['title', onText([], title)],
  [
    'trim',
    onText(['chars'], (text, args) => strip(text, args.value('chars', null) === null ? null : args.text('chars', ''), 'both')),
  ],
  ['replace', onText(['old', 'new', 'count'], replace)],
  ['truncate', onTextOnly('truncate', ['length', 'killwords', 'end', 'leeway'], truncate)],
  ['indent', onTextOnly('indent', ['width', 'first', 'blank'], indent)],
  ['center', onText(['width'], (text, args) => pad(text, args.int('width', 80), 'center'))],
  ['wordcount', onText([], (text) => text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0)],
  ['escape', onText([], escapeHtml)],
  ['e', onText([], escapeHtml)],
  ['forceescape', onText([], escapeHtml)],
  ['urlencode', { parameters: [], apply: urlEncode }],
  [
    'tojson',
    {
      parameters: ['indent'],
      apply: (value, args) => toJson(value, args.value('indent', null) === null ? null : args.int('indent', 0)),
    },
  ],
]
