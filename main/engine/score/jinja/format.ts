import { Failure } from './failure.ts'
import { roomFor } from './limits.ts'
import { fixed, floatText, pad, pythonExponent, repr, str } from './text.ts'
import { characters, defined, Float, type Keywords, numeric, Tuple, typeName, type Value } from './values.ts'

interface NumberStyle {
  /** `d`, `x`, `f`, `e`, `g`, `%`, … as Python names them. */
  readonly kind: string
  /** Digits after the point, or significant digits for `g`; null for Python's 6. */
  readonly precision: number | null
  /** `+` or a space before positive numbers, or nothing. */
  readonly sign: string
  readonly grouping: string
  readonly prefix: boolean
}

const PLACEHOLDER = /%(?:\((\w+)\))?([-+ #0]*)(\d+)?(?:\.(\d+))?([\s\S]?)/g

/** Python's `text % values`: a tuple fills the placeholders in order, a dict by name, anything else fills the only one. */
export function printf(template: string, values: Value): string {
  const list = values instanceof Tuple ? values : [values]
  const named = values instanceof Map ? values : null
  let used = 0
  const text = template.replace(PLACEHOLDER, (_, name?: string, flags = '', width?: string, precision?: string, kind = '') => {
    if (kind === '%') return '%'
    let value: Value | undefined
    if (name !== undefined) value = named?.get(name)
    else value = list[used++]
    if (value === undefined)
      throw new Failure(
        name === undefined ? 'there are too few values to format' : `\`${name}\` is not among the values to format`,
      )
    const digits = precision === undefined ? null : Number(precision)
    const body = percentBody(defined(value), kind, flags, digits)
    const size = width === undefined ? 0 : Number(width)
    if (flags.includes('-')) return pad(body, size, 'right')
    return flags.includes('0') && !'sra'.includes(kind) ? zeroPad(body, size) : pad(body, size, 'left')
  })
  // To Python, a list or a dict may hold more than the text asks for; a tuple may not.
  const exact = values instanceof Tuple || values instanceof Float || typeof values !== 'object' || values === null
  if (exact && used < list.length) throw new Failure('not all values found a place in the text')
  roomFor(text.length)
  return text
}

function percentBody(value: Value, kind: string, flags: string, precision: number | null): string {
  if (kind === 's' || kind === 'r' || kind === 'a') return cut(kind === 's' ? str(value) : repr(value), precision)
  if (kind === 'c') return typeof value === 'number' ? String.fromCodePoint(value) : str(value)
  if (kind === '' || !'diouxXeEfFgG'.includes(kind)) throw new Failure(`\`%${kind}\` is not a way to format`)
  const sign = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
  const plain = 'diu'.includes(kind)
  const number = numeric(value)
  if (number === null) throw new Failure(`\`%${kind}\` needs a number, not a ${typeName(value)}`)
  const style = { kind: plain ? 'd' : kind, precision: plain ? null : precision, sign, grouping: '', prefix: flags.includes('#') }
  return formatNumber('diouxX'.includes(kind) ? Math.trunc(number) : number, style)
}

const SPEC = /^(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/su

/** Python's `format(value, spec)`, the part after the colon in `'{:>8.2f}'.format(x)`. */
function formatSpec(given: Value, spec: string): string {
  const value = defined(given)
  if (spec === '') return str(value)
  const match = SPEC.exec(spec)
  if (!match) throw new Failure(`\`${spec}\` is not a format`)
  const [, fill, align, sign = '', prefix, zero, width = '0', grouping = '', precision, kind] = match
  const digits = precision === undefined ? null : Number(precision)
  const number = numeric(value)
  if (number === null && typeof value !== 'string') throw new Failure(`a ${typeName(value)} cannot be formatted as \`${spec}\``)
  const size = Number(width)
  if (number === null || kind === 's') {
    if (kind !== undefined && kind !== 's') throw new Failure(`\`${kind}\` formats numbers, not a ${typeName(value)}`)
    return aligned(cut(str(value), digits), size, align ?? '<', fill ?? ' ')
  }
  const isFloat = value instanceof Float
  if (isFloat && kind !== undefined && 'bcdosxX'.includes(kind)) throw new Failure(`\`${kind}\` formats whole numbers only`)
  const style = { kind: kind ?? (isFloat ? 'str' : 'd'), precision: digits, sign, grouping, prefix: prefix !== undefined }
  const body = formatNumber(number, style)
  if (align === '=' || (zero !== undefined && align === undefined))
    return zeroPad(body, size, fill ?? (zero === undefined ? ' ' : '0'))
  return aligned(body, size, align ?? '>', fill ?? (zero === undefined ? ' ' : '0'))
}

function aligned(text: string, width: number, align: string, fill: string): string {
  if (align === '^') {
    const missing = Math.max(0, width - characters(text).length)
    const left = pad(text, width - Math.ceil(missing / 2), 'left', fill)
    return pad(left, width, 'right', fill)
  }
  return pad(text, width, align === '>' || align === '=' ? 'left' : 'right', fill)
}

function cut(text: string, length: number | null): string {
  return length === null ? text : characters(text).slice(0, length).join('')
}

/** Puts the fill between the sign and the digits. */
function zeroPad(text: string, width: number, fill = '0'): string {
  const sign = /^[-+ ]?(?:0[xob])?/i.exec(text)?.[0] ?? ''
  return sign + pad(text.slice(sign.length), width - sign.length, 'left', fill)
}

function formatNumber(number: number, style: NumberStyle): string {
  const size = Math.abs(number)
  const negative = number < 0 || Object.is(number, -0)
  let digits = magnitude(size, style)
  if (style.grouping !== '') digits = digits.replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, style.grouping))
  if (style.kind === 'E' || style.kind === 'G' || style.kind === 'X') digits = digits.toUpperCase()
  return (negative ? '-' : style.sign) + digits
}

function magnitude(size: number, { kind, precision, prefix }: NumberStyle): string {
  const digits = Math.min(precision ?? 6, 100)
  const radix = { b: 2, o: 8, x: 16, X: 16 }[kind]
  if (radix !== undefined) {
    return (prefix ? { b: '0b', o: '0o', x: '0x', X: '0X' }[kind] : '') + size.toString(radix)
  }
  if (kind === 'd' || kind === 'n') return String(size)
  if (kind === 'c') return String.fromCodePoint(size)
  if (!Number.isFinite(size)) return floatText(size)
  if (kind === '%') return `${fixed(size * 100, digits)}%`
  if (kind === 'f' || kind === 'F') return fixed(size, digits)
  if (kind === 'e' || kind === 'E') return pythonExponent(size.toExponential(digits))
  return kind === 'str' && precision === null ? floatText(size) : general(size, Math.max(1, digits))
}

/** Python's `%g`: as many significant digits as asked for, without trailing zeros. */
function general(size: number, digits: number): string {
  const [mantissa = '0', power = '0'] = size.toExponential(digits - 1).split('e')
  const exponent = Number(power)
  if (exponent < -4 || exponent >= digits) return pythonExponent(`${trimZeros(mantissa)}e${power}`)
  return trimZeros(size.toFixed(Math.max(0, digits - 1 - exponent)))
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/** Python's `'{} {name}'.format(…)`. `look` follows the `.name` and `[key]` of a placeholder. */
export function braceFormat(
  template: string,
  args: readonly Value[],
  keywords: Keywords,
  look: (value: Value, key: string, dotted: boolean) => Value,
): string {
  let next = 0
  const find = (field: string): Value => {
    const value = field === '' ? args[next++] : /^\d+$/.test(field) ? args[Number(field)] : keywords.get(field)
    if (value === undefined) throw new Failure(`there is no value for \`{${field}}\``)
    return value
  }
  const text = template.replace(
    /\{\{|\}\}|\{([^{}!:.[]*)((?:\.\w+|\[[^\]]*\])*)(?:!([rsa]))?(?::((?:[^{}]|\{\w*\})*))?\}|[{}]/g,
    (whole, field?: string, path = '', conversion?: string, spec = '') => {
      if (whole === '{{' || whole === '}}') return whole.slice(1)
      if (field === undefined) throw new Failure('a curly bracket in the text to format has no partner; double it to print it')
      let value = find(field)
      for (const [, name, key = ''] of path.matchAll(/\.(\w+)|\[([^\]]*)\]/g))
        value = look(defined(value), name ?? key, name !== undefined)
      const inner = spec.replace(/\{(\w*)\}/g, (_whole: string, name: string) => str(find(name)))
      return formatSpec(conversion === 'r' || conversion === 'a' ? repr(value) : conversion === 's' ? str(value) : value, inner)
    },
  )
  roomFor(text.length)
  return text
}
