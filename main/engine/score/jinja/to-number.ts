import { Float, integer, numeric, type Value } from './values.ts'

const PREFIXES: Readonly<Record<number, RegExp>> = { 2: /^0b/i, 8: /^0o/i, 16: /^0x/i }

/** What Python's `int()` makes of a value, or the fallback. A text may be a float. */
export function toInt(value: Value, fallback: Value, base: number): Value {
  if (typeof value === 'string') {
    const digits = value.trim().replace(/(?<=\w)_(?=\w)/g, '')
    const sign = digits.startsWith('-') ? -1 : 1
    const body = digits.replace(/^[-+]/, '').replace(PREFIXES[base] ?? /^$/, '')
    const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, base)
    if (body !== '' && [...body.toLowerCase()].every((digit) => alphabet.includes(digit))) {
      return integer(sign * Number.parseInt(body, base))
    }
    const number = parseFloatText(value)
    return number === null || !Number.isFinite(number) ? fallback : integer(Math.trunc(number))
  }
  const number = numeric(value)
  return number === null || !Number.isFinite(number) ? fallback : integer(Math.trunc(number))
}

/** What Python's `float()` accepts. */
function parseFloatText(text: string): number | null {
  const body = text.trim().replace(/(?<=\d)_(?=\d)/g, '')
  if (/^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(body)) return Number(body)
  const word = /^([-+]?)(inf|infinity|nan)$/i.exec(body)
  if (!word) return null
  if (word[2]?.toLowerCase() === 'nan') return Number.NaN
  return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

/** What Python's `float()` makes of a value, or the fallback. */
export function toFloat(value: Value, fallback: Value): Value {
  const number = typeof value === 'string' ? parseFloatText(value) : numeric(value)
  return number === null ? fallback : new Float(number)
}
