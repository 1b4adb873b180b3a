import type { parse } from '@huggingface/jinja'
import { Failure } from './failure.ts'

type ParserToken = Parameters<typeof parse>[0][number]

/** A token as the parser wants it, with where it stands and how many brackets are open around it. */
export interface Token extends ParserToken {
  /** Index in the source. */
  readonly offset: number
  readonly depth: number
}

const OPEN_TAG = /\{[{%#]/g
const RAW = /\{%[-+]?\s*raw\s*([-+]?)%\}/y
const END_RAW = /\{%([-+]?)\s*endraw\s*([-+]?)%\}/g
const SPACE = /\s+/y
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy
const STRING = /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/y
const NUMBER = /0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?/y
const INDEX = /\d+/y
const OPERATOR = /\*\*|\/\/|==|!=|<=|>=|[()[\]{},.:|+\-~*/%<>=]/y

const OPERATOR_TYPES: Readonly<Record<string, ParserToken['type']>> = {
  '(': 'OpenParen',
  ')': 'CloseParen',
  '[': 'OpenSquareBracket',
  ']': 'CloseSquareBracket',
  '{': 'OpenCurlyBracket',
  '}': 'CloseCurlyBracket',
  ',': 'Comma',
  '.': 'Dot',
  ':': 'Colon',
  '|': 'Pipe',
  '=': 'Equals',
  '+': 'AdditiveBinaryOperator',
  '-': 'AdditiveBinaryOperator',
  '~': 'AdditiveBinaryOperator',
  '*': 'MultiplicativeBinaryOperator',
  '/': 'MultiplicativeBinaryOperator',
  '//': 'MultiplicativeBinaryOperator',
  '%': 'MultiplicativeBinaryOperator',
  '**': 'ExponentiationBinaryOperator',
}

/** Closing brackets and what they close. */
const PARTNERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

/**
 * Cuts a template into tokens for the library's parser. The library's own lexer keeps no positions, knows no `raw` and
 * drops a trailing newline, hence this one. Lines end in `\n` here already.
 * @throws Failure where the source cannot be cut.
 */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  let cursor = 0
  let stripNext = false

  const text = (until: number, stripEnd: boolean, verbatim = false) => {
    let value = source.slice(cursor, until)
    let offset = cursor
    if (stripNext && !verbatim) {
      offset += value.length - value.trimStart().length
      value = value.trimStart()
    }
    if (stripEnd) value = value.trimEnd()
    if (value !== '') tokens.push({ value, type: 'Text', offset, depth: 0 })
    stripNext = false
  }

  for (;;) {
    OPEN_TAG.lastIndex = cursor
    const open = OPEN_TAG.exec(source)
    if (!open) break
    const start = open.index
    text(start, source[start + 2] === '-')
    const raw = matchAt(RAW, source, start)
    if (raw) {
      END_RAW.lastIndex = start + raw[0].length
      const end = END_RAW.exec(source)
      if (!end) throw new Failure('`raw` is never closed by `endraw`', { offset: start })
      cursor = start + raw[0].length
      stripNext = raw[1] === '-'
      text(end.index, end[1] === '-')
      cursor = end.index + end[0].length
      stripNext = end[2] === '-'
    } else if (open[0] === '{#') {
      const end = source.indexOf('#}', start + 2)
      if (end < 0) throw new Failure('the comment is never closed by `#}`', { offset: start })
      stripNext = source[end - 1] === '-' && end > start + 2
      cursor = end + 2
    } else {
      const tag = lexTag(source, start, tokens)
      cursor = tag.end
      stripNext = tag.strip
    }
  }
  text(source.length, false)
  return tokens
}

function lexTag(source: string, start: number, tokens: Token[]): { end: number; strip: boolean } {
  const statement = source[start + 1] === '%'
  const close = statement ? /([-+]?)%\}/y : /(-?)\}\}/y
  tokens.push({
    value: source.slice(start, start + 2),
    type: statement ? 'OpenStatement' : 'OpenExpression',
    offset: start,
    depth: 0,
  })
  let cursor = start + 2
  if (source[cursor] === '-' || (statement && source[cursor] === '+')) cursor += 1
  const open: Token[] = []
  while (cursor < source.length) {
    cursor += matchAt(SPACE, source, cursor)?.[0].length ?? 0
    const end = open.length === 0 ? matchAt(close, source, cursor) : null
    if (end) {
      tokens.push({
        value: statement ? '%}' : '}}',
        type: statement ? 'CloseStatement' : 'CloseExpression',
        offset: cursor,
        depth: 0,
      })
      return { end: cursor + end[0].length, strip: end[1] === '-' }
    }
    if (cursor >= source.length) break
    const [token, length] = lexOne(source, cursor, open.length, tokens.at(-1)?.type === 'Dot')
    const partner = PARTNERS[token.value]
    if (token.type === OPERATOR_TYPES[token.value] && partner !== undefined) {
      const opened = open.pop()
      if (!opened) throw new Failure(`\`${token.value}\` closes nothing`, { offset: cursor })
      if (opened.value !== partner) throw new Failure(`\`${opened.value}\` is never closed`, { offset: opened.offset })
    } else if (token.type.startsWith('Open')) open.push(token)
    tokens.push(token)
    cursor += length
  }
  throw new Failure(`\`${statement ? '{%' : '{{'}\` is never closed by \`${statement ? '%}' : '}}'}\``, { offset: start })
}

function lexOne(source: string, offset: number, depth: number, afterDot: boolean): [Token, number] {
  const name = matchAt(NAME, source, offset)
  if (name) return [{ value: name[0], type: 'Identifier', offset, depth }, name[0].length]
  const number = matchAt(afterDot ? INDEX : NUMBER, source, offset)
  if (number) return [{ value: numberText(number[0]), type: 'NumericLiteral', offset, depth }, number[0].length]
  const string = matchAt(STRING, source, offset)
  if (string) return [{ value: unescapeText(string[0].slice(1, -1)), type: 'StringLiteral', offset, depth }, string[0].length]
  const operator = matchAt(OPERATOR, source, offset)
  if (operator) {
    const type = OPERATOR_TYPES[operator[0]] ?? 'ComparisonBinaryOperator'
    return [{ value: operator[0], type, offset, depth }, operator[0].length]
  }
  const character = source.slice(offset, offset + 1)
  const quote = character === '"' || character === "'"
  throw new Failure(quote ? 'the text in quotes is never closed' : `\`${character}\` does not belong here`, { offset })
}

function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(source)
}

/** The parser takes a number with a point in it for a float, one without for an integer. */
function numberText(literal: string): string {
  const digits = literal.replaceAll('_', '')
  const float = /^\d/.test(digits) && /[.eE]/.test(digits) && !/^0[xX]/.test(digits)
  if (!float) return String(Number(digits))
  return digits.includes('.') ? digits : digits.replace(/[eE]/, '.e')
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
}

/** Python's string escapes; one that means nothing stays as it is written. */
function unescapeText(literal: string): string {
  return literal.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
    (whole, x?: string, u?: string, long?: string, octal?: string, single?: string) => {
      const hex = x ?? u ?? long
      if (hex !== undefined) {
        const code = Number.parseInt(hex, 16)
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole
      }
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
      return (single !== undefined && Object.hasOwn(ESCAPES, single) ? ESCAPES[single] : undefined) ?? whole
    },
  )
}
