import { Failure } from './failure.ts'
import { SPACE_CLASS } from './space.ts'

/** `begin` and `end` are the marks of a tag; `value` of a text in quotes is what it says, escapes read. */
export interface Token {
  readonly type: 'text' | 'begin' | 'end' | 'name' | 'integer' | 'float' | 'string' | 'operator' | 'over'
  readonly value: string
  /** Index in the source. */
  readonly at: number
}

const OPEN_TAG = /\{[{%#]/g
const RAW = new RegExp(`\\{%[-+]?${SPACE_CLASS}*raw${SPACE_CLASS}*(-?)%\\}`, 'y')
const END_RAW = new RegExp(`\\{%([-+]?)${SPACE_CLASS}*endraw${SPACE_CLASS}*([-+]?)%\\}`, 'g')
const SPACE = new RegExp(`${SPACE_CLASS}+`, 'y')
const ONE_SPACE = new RegExp(SPACE_CLASS)
const LEADING_SPACE = new RegExp(`^${SPACE_CLASS}+`)
const NAME = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{N}\p{Pc}]*/uy
const STRING = /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/y
const FLOAT = /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy
const OPERATOR = /\*\*|\/\/|==|!=|<=|>=|[()[\]{},.:|+\-~*/%<>=]/y

/** Tokens of one template or expression; any prompt has far fewer, and more take too much time and memory. */
const MOST_TOKENS = 100_000

/** Closing brackets and what they close. */
const PARTNERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

/** Cuts a template into tokens. Lines end in `\n` here already. @throws Failure where the source cannot be cut. */
export function tokenizeTemplate(source: string): Token[] {
  const tokens: Token[] = []
  let cursor = 0
  let stripNext = false

  const text = (until: number, stripEnd: boolean) => {
    let value = source.slice(cursor, until)
    let at = cursor
    if (stripNext) {
      at += LEADING_SPACE.exec(value)?.[0].length ?? 0
      value = source.slice(at, until)
    }
    if (stripEnd) value = value.slice(0, trimmedLength(value))
    if (value !== '') tokens.push({ type: 'text', value, at })
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
      cursor = start + raw[0].length
      END_RAW.lastIndex = cursor
      const end = END_RAW.exec(source)
      if (!end) throw new Failure('`raw` is never closed by `endraw`', { offset: start })
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
  tokens.push({ type: 'over', value: 'the end of the template', at: source.length })
  return tokens
}

/** Cuts one expression, without any marks around it, into tokens. @throws Failure */
export function tokenizeExpression(source: string): Token[] {
  const tokens: Token[] = []
  const { open } = lexUntil(source, 0, null, tokens)
  if (open) throw new Failure(`\`${open.value}\` is never closed`, { offset: open.at })
  tokens.push({ type: 'over', value: 'the end of the expression', at: source.length })
  return tokens
}

function trimmedLength(text: string): number {
  let length = text.length
  while (length > 0 && ONE_SPACE.test(text.charAt(length - 1))) length -= 1
  return length
}

function lexTag(source: string, start: number, tokens: Token[]): { end: number; strip: boolean } {
  const mark = source.slice(start, start + 2)
  const close = mark === '{%' ? /([-+]?)%\}/y : /(-?)\}\}/y
  tokens.push({ type: 'begin', value: mark, at: start })
  const from = start + 2 + (source[start + 2] === '-' || source[start + 2] === '+' ? 1 : 0)
  const { end } = lexUntil(source, from, close, tokens)
  if (!end) throw new Failure(`\`${mark}\` is never closed by \`${mark === '{%' ? '%}' : '}}'}\``, { offset: start })
  tokens.push({ type: 'end', value: mark === '{%' ? '%}' : '}}', at: end.index })
  return { end: end.index + end[0].length, strip: end[1] === '-' }
}

/** Reads tokens until `close` matches outside all brackets, or to the end of the source. */
function lexUntil(source: string, from: number, close: RegExp | null, tokens: Token[]) {
  const open: Token[] = []
  for (let cursor = from; ; ) {
    cursor += matchAt(SPACE, source, cursor)?.[0].length ?? 0
    if (tokens.length > MOST_TOKENS) throw new Failure(`this has more than ${MOST_TOKENS} parts`, { offset: cursor })
    const end = close && open.length === 0 ? matchAt(close, source, cursor) : null
    if (end || cursor >= source.length) return { end, open: open.at(-1) }
    const [token, length] = lexOne(source, cursor, tokens.at(-1)?.value === '.')
    const partner = token.type === 'operator' ? PARTNERS[token.value] : undefined
    if (partner !== undefined) {
      const opened = open.pop()
      if (!opened) throw new Failure(`\`${token.value}\` closes nothing`, { offset: cursor })
      if (opened.value !== partner) throw new Failure(`\`${opened.value}\` is never closed`, { offset: opened.at })
    } else if (token.type === 'operator' && '([{'.includes(token.value)) open.push(token)
    tokens.push(token)
    cursor += length
  }
}

function lexOne(source: string, at: number, afterDot: boolean): [Token, number] {
  const name = matchAt(NAME, source, at)
  if (name) return [{ type: 'name', value: name[0], at }, name[0].length]
  const float = afterDot ? null : matchAt(FLOAT, source, at)
  if (float) return [{ type: 'float', value: float[0].replaceAll('_', ''), at }, float[0].length]
  const integer = matchAt(INTEGER, source, at)
  if (integer) return [{ type: 'integer', value: integer[0].replaceAll('_', ''), at }, integer[0].length]
  const string = matchAt(STRING, source, at)
  if (string) return [{ type: 'string', value: unescapeText(string[0].slice(1, -1), at), at }, string[0].length]
  const operator = matchAt(OPERATOR, source, at)
  if (operator) return [{ type: 'operator', value: operator[0], at }, operator[0].length]
  const character = String.fromCodePoint(source.codePointAt(at) ?? 0)
  const quote = character === '"' || character === "'"
  throw new Failure(quote ? 'the text in quotes is never closed' : `\`${character}\` does not belong here`, { offset: at })
}

function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(source)
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
function unescapeText(literal: string, at: number): string {
  return literal.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
    (whole, x?: string, u?: string, long?: string, octal?: string, single = '') => {
      const hex = x ?? u ?? long
      const code = hex !== undefined ? Number.parseInt(hex, 16) : octal !== undefined ? Number.parseInt(octal, 8) : null
      if (code !== null && code <= 0x10ffff) return String.fromCodePoint(code)
      if (code !== null || 'xuUN'.includes(single))
        throw new Failure(`the escape \`${whole}\` in the text in quotes is not complete or not known`, { offset: at })
      return (Object.hasOwn(ESCAPES, single) ? ESCAPES[single] : undefined) ?? whole
    },
  )
}
