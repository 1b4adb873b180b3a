import { Failure } from './failure.ts'
import { roomFor, spend } from './limits.ts'
import { floatText, joinText } from './text.ts'
import { compare, defined, Float, type Key, typeName, type Value, View } from './values.ts'

/**
 * JSON as Jinja2's `tojson` writes it: keys sorted, everything outside ASCII escaped, and `< > & '` escaped so that it is safe
 * in HTML.
 */
export function toJson(value: Value, indent: number | null): string {
  const text = write(value, indent, 0).replace(/[<>&']/g, (character) => escaped(character))
  roomFor(text.length)
  return text
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (character) => escaped(character))
}

function write(given: Value, indent: number | null, depth: number): string {
  spend(1)
  if (depth > 100) throw new Failure('the value is nested too deeply for JSON')
  const value = defined(given)
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return JSON.stringify(value)
  if (typeof value === 'string') return quoted(value)
  if (value instanceof Float) return jsonFloat(value.value)
  if (Array.isArray(value) && !(value instanceof View)) {
    return wrap(
      '[',
      value.map((item) => write(item, indent, depth + 1)),
      ']',
      indent,
      depth,
    )
  }
  if (!(value instanceof Map)) throw new Failure(`a ${typeName(value)} cannot be written as JSON`)
  const entries = [...value].sort(([a], [b]) => compare(a, b))
  return wrap(
    '{',
    entries.map(([key, item]) => `${quoted(keyText(key))}: ${write(item, indent, depth + 1)}`),
    '}',
    indent,
    depth,
  )
}

function jsonFloat(value: number): string {
  if (Number.isFinite(value)) return floatText(value)
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'
}

function keyText(key: Key): string {
  return typeof key === 'string' ? key : JSON.stringify(key)
}

function wrap(open: string, parts: readonly string[], close: string, indent: number | null, depth: number): string {
  if (parts.length === 0) return open + close
  if (indent === null) return open + joinText(parts, ', ') + close
  roomFor(indent)
  const line = (level: number) => `\n${' '.repeat(Math.max(0, indent) * level)}`
  return open + line(depth + 1) + joinText(parts, `,${line(depth + 1)}`) + line(depth) + close
}
