import type { Arguments, Filter } from './arguments.ts'
import { Failure } from './failure.ts'
import { escapeHtml } from './filters-text.ts'
import { fixed, joinText, lines, str } from './text.ts'
import { toFloat } from './to-number.ts'
import { characters, defined, NOTHING, numeric, typeName, Undefined, type Value } from './values.ts'

const BINARY = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB']
const DECIMAL = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB']

/** A number of bytes as people read it: `13 kB`, `4.1 MB`. */
function fileSize(value: Value, args: Arguments): string {
  const bytes = numeric(toFloat(value, null))
  if (bytes === null) throw new Failure(`\`filesizeformat\` needs a number, not a ${typeName(value)}`)
  const binary = args.flag('binary')
  const base = binary ? 1024 : 1000
  if (bytes === 1) return '1 Byte'
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`
  const units = binary ? BINARY : DECIMAL
  const power = units.findIndex((_, index) => bytes < base ** (index + 2))
  const index = power < 0 ? units.length - 1 : power
  return `${fixed((base * bytes) / base ** (index + 2), 1)} ${units[index]}`
}

/** Where Python's `textwrap` may break a line: between words, after a hyphen inside a word, around a dash. */
const CHUNK =
  /[\t-\r ]+|(?<=[\p{L}\p{N}_!"'&.,?])-{2,}(?=[\p{L}\p{N}_])|[^\t-\r ]+?(?:-(?:(?<=[\p{L}_]{2}-)|(?<=[\p{L}_]-[\p{L}\p{N}_!"'&.,?]-))(?=[\p{L}_]-?[\p{L}_])|(?=[\t-\r ]|$)|(?<=[\p{L}\p{N}_!"'&.,?])(?=-{2,}[\p{L}\p{N}_]))/gu
const CHUNK_WHOLE = /[\t-\r ]+|[^\t-\r ]+/g

interface Wrapping {
  readonly width: number
  readonly breakWords: boolean
  readonly chunks: RegExp
}

/** What is left of a chunk; a long one is used up piece by piece. */
interface Chunk {
  readonly characters: readonly string[]
  readonly from: number
}

function wrapLine(line: string, { width, breakWords, chunks }: Wrapping): string[] {
  const left: Chunk[] = (line.match(chunks) ?? []).map((chunk) => ({ characters: characters(chunk), from: 0 })).reverse()
  const wrapped: string[] = []
  while (left.length > 0) {
    const taken: string[] = []
    let room = width
    if (wrapped.length > 0 && isBlank(left.at(-1))) left.pop()
    for (let next = left.at(-1); next && sizeOf(next) <= room; next = left.at(-1)) {
      taken.push(textOf(next))
      room -= sizeOf(next)
      left.pop()
    }
    const long = left.at(-1)
    if (long && sizeOf(long) > width && (breakWords || taken.length === 0)) {
      left.pop()
      const size = breakWords ? breakSize(long, Math.max(1, room), chunks) : sizeOf(long)
      taken.push(long.characters.slice(long.from, long.from + size).join(''))
      if (size < sizeOf(long)) left.push({ ...long, from: long.from + size })
    }
    if (taken.at(-1)?.trim() === '') taken.pop()
    if (taken.length > 0) wrapped.push(taken.join(''))
  }
  return wrapped
}

function sizeOf(chunk: Chunk): number {
  return chunk.characters.length - chunk.from
}

function textOf(chunk: Chunk): string {
  return chunk.characters.slice(chunk.from).join('')
}

/** A chunk is all white space or has none. */
function isBlank(chunk: Chunk | undefined): boolean {
  return chunk?.characters[chunk.from]?.trim() === ''
}

/** How much of a chunk goes on the line that still has room: up to a hyphen if there is one. */
function breakSize({ characters: all, from }: Chunk, room: number, chunks: RegExp): number {
  const piece = all.slice(from, from + room)
  const hyphen = chunks === CHUNK && all.length - from > room ? piece.lastIndexOf('-') : -1
  return hyphen > 0 && piece.slice(0, hyphen).some((character) => character !== '-') ? hyphen + 1 : room
}

function wordWrap(text: string, args: Arguments): string {
  const width = args.int('width', 79)
  if (width < 1) throw new Failure('`width` is 1 or more')
  const breakWords = args.value('break_long_words', true) !== false
  const chunks = args.value('break_on_hyphens', true) !== false ? CHUNK : CHUNK_WHOLE
  const end = args.value('wrapstring', null) === null ? '\n' : args.text('wrapstring')
  return joinText(
    lines(text).map((line) => joinText(wrapLine(line, { width, breakWords, chunks }), end)),
    end,
  )
}

/** HTML attributes from a dict; those that are `none` or missing are left out. */
function attributes(value: Value, args: Arguments): string {
  if (!(value instanceof Map)) throw new Failure(`\`xmlattr\` needs a dict, not a ${typeName(value)}`)
  const given = [...value].filter(([, entry]) => entry !== null && (entry === NOTHING || !(entry instanceof Undefined)))
  const written = given.map(([key, entry]) => {
    const name = str(key)
    if (/[\s/>=]/.test(name)) throw new Failure(`\`${name}\` cannot be the name of an attribute`)
    return `${escapeHtml(name)}="${escapeHtml(str(defined(entry)))}"`
  })
  const space = written.length > 0 && args.value('autospace', true) !== false ? ' ' : ''
  return space + written.join(' ')
}

/** Filters that lay text out or write things as people read them. */
export const LAYOUT_FILTERS: readonly (readonly [string, Filter])[] = [
  ['filesizeformat', { parameters: ['binary'], apply: fileSize }],
  [
    'wordwrap',
    {
      parameters: ['width', 'break_long_words', 'wrapstring', 'break_on_hyphens'],
      apply: (value, args) => {
        if (typeof value !== 'string') throw new Failure(`\`wordwrap\` needs a text, not a ${typeName(value)}`)
        return wordWrap(value, args)
      },
    },
  ],
  ['xmlattr', { parameters: ['autospace'], apply: attributes }],
]
