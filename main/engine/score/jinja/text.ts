import { Failure } from './failure.ts'
import { roomFor, spend } from './limits.ts'
import { Range } from './range.ts'
import { LINE_END_CLASS, SPACE_CLASS } from './space.ts'
import { characters, defined, Float, Namespace, Once, Thing, Tuple, Undefined, type Value, View } from './values.ts'

/** Python's `str()`: what `{{ … }}` prints. @throws Failure for a missing value. */
export function str(given: Value): string {
  const value = defined(given)
  return typeof value === 'string' ? value : repr(value)
}

/** Python's `repr()`: how a value looks inside a printed list or dict. */
export function repr(value: Value): string {
  return write(value, 0)
}

function write(value: Value, depth: number): string {
  spend(1)
  if (depth > 100) throw new Failure('the value is nested too deeply to print')
  if (value === null) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return quoted(value)
  if (value instanceof Float) return floatText(value.value)
  if (value instanceof Undefined) return 'Undefined'
  if (value instanceof Thing) return value.label
  if (value instanceof Range) {
    const [start, stop, step] = value.bounds
    return step === 1 ? `range(${start}, ${stop})` : `range(${start}, ${stop}, ${step})`
  }
  if (value instanceof Once)
    throw new Failure(`what \`${value.name}\` gives cannot be printed; write \`| list\` or \`| join\` after it`)
  if (value instanceof Namespace) return `<Namespace ${write(new Map(value.fields), depth + 1)}>`
  if (value instanceof Map) {
    const entries = [...value].map(([key, item]) => `${write(key, depth + 1)}: ${write(item, depth + 1)}`)
    return `{${joinText(entries, ', ')}}`
  }
  const items = value.map((item) => write(item, depth + 1))
  if (value instanceof View) return `${value.kind}([${joinText(items, ', ')}])`
  if (!(value instanceof Tuple)) return `[${joinText(items, ', ')}]`
  return items.length === 1 ? `(${items[0]},)` : `(${joinText(items, ', ')})`
}

const CONTROL: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' }

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const body = text.replace(/[\p{C}\p{Z}\\']/gu, (character) => {
    if (character === ' ') return character
    if (Object.hasOwn(CONTROL, character)) return CONTROL[character] ?? character
    if (character === "'") return quote === "'" ? "\\'" : character
    const code = character.codePointAt(0) ?? 0
    const [letter, digits] = code < 0x100 ? ['x', 2] : code < 0x10000 ? ['u', 4] : ['U', 8]
    return `\\${letter}${code.toString(16).padStart(digits, '0')}`
  })
  return quote + body + quote
}

/** A float as Python prints it: `384.0`, `1e-05`, `inf`. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) return pythonExponent(value.toExponential())
  const text = Object.is(value, -0) ? '-0' : String(value)
  return text.includes('.') ? text : `${text}.0`
}

/** Python writes at least two digits of exponent. */
export function pythonExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2')
}

/** `value` with `digits` decimals (0–100), halves to the even neighbour, as Python rounds. */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return floatText(value)
  const rounded = value.toFixed(digits)
  // toFixed decides by the exact decimal value and takes true halves away from zero; Python takes them to the even side.
  const exact = Math.abs(value) < 1e21 && digits <= 60 ? value.toFixed(digits + 40) : ''
  const cut = exact.indexOf('.') + 1 + digits
  if (!/^50*$/.test(exact.slice(cut))) return rounded
  const down = exact.slice(0, cut).replace(/\.$/, '')
  return Number(down.at(-1)) % 2 === 0 ? down : rounded
}

/** Pads `text` to `width` code points. */
export function pad(text: string, width: number, side: 'left' | 'right' | 'center', fill = ' '): string {
  const missing = width - characters(text).length
  if (missing <= 0) return text
  roomFor(width)
  if (side === 'left') return fill.repeat(missing) + text
  if (side === 'right') return text + fill.repeat(missing)
  const before = Math.floor(missing / 2) + (missing & width & 1)
  return fill.repeat(before) + text + fill.repeat(missing - before)
}

/** Joins without ever building more than is allowed. */
export function joinText(parts: readonly string[], separator: string): string {
  roomFor(parts.reduce((sum, part) => sum + part.length, 0) + separator.length * Math.max(0, parts.length - 1))
  return parts.join(separator)
}

/** Python's `str.replace`. `count` < 0 means all. */
export function replaceText(text: string, old: string, replacement: string, count: number): string {
  if (old === '') roomFor(text.length * (1 + replacement.length))
  const parts = old === '' ? ['', ...characters(text), ''] : text.split(old)
  const limit = count < 0 ? parts.length - 1 : Math.min(count, parts.length - 1)
  roomFor(text.length + limit * replacement.length)
  return [parts.slice(0, limit + 1).join(replacement), ...parts.slice(limit + 1)].join(old)
}

const SPACE = new RegExp(`^${SPACE_CLASS}$`)

/** Python's `strip`, `lstrip` and `rstrip`; `set` is the characters to take off, white space when it is null. */
export function strip(text: string, set: string | null, sides: 'left' | 'right' | 'both'): string {
  const drop = (character: string | undefined) =>
    character !== undefined && (set === null ? SPACE.test(character) : set.includes(character))
  const all = characters(text)
  let [start, end] = [0, all.length]
  if (sides !== 'right') while (start < end && drop(all[start])) start += 1
  if (sides !== 'left') while (end > start && drop(all[end - 1])) end -= 1
  return all.slice(start, end).join('')
}

const LINE_END = new RegExp(`(\\r\\n|${LINE_END_CLASS})`)

/** Python's `splitlines()`. */
export function lines(text: string, keepEnds = false): string[] {
  const parts = text.split(LINE_END)
  const found: string[] = []
  for (let at = 0; at < parts.length; at += 2) found.push((parts[at] ?? '') + (keepEnds ? (parts[at + 1] ?? '') : ''))
  if (parts.at(-1) === '') found.pop()
  return found
}
