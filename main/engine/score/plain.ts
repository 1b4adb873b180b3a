import { Float, type Key } from './jinja/values.ts'
import type { Path } from './source.ts'
import { storedDict, storedFloat } from './variables.ts'

/** Something in a YAML value that a score cannot hold. */
export interface Oddity {
  readonly path: Path
  readonly message: string
}

const DEEPEST = 64
/** There are no more sheets than this, and of what else a score lists there are fewer. */
const LONGEST_LIST = 10_000

/**
 * Makes plain values of what was read: objects and numbers for the schema to check, and below `prompt.variables`, where the
 * order of keys and the difference between `1` and `1.0` matter, storable ones. `excess` says that it gave up half-way.
 */
export function toPlain(value: unknown): { value: unknown; oddities: readonly Oddity[]; excess: Oddity | null } {
  const oddities: Oddity[] = []
  let excess: Oddity | null = null

  const convert = (given: unknown, path: Path): unknown => {
    const variable = path.length > 2 && path[0] === 'prompt' && path[1] === 'variables'
    if (path.length > DEEPEST) excess ??= { path, message: 'This is nested too deeply.' }
    if (!variable && Array.isArray(given) && given.length > LONGEST_LIST)
      excess ??= { path, message: `This list has more than ${LONGEST_LIST} entries.` }
    if (excess) return null
    if (given instanceof Float) return variable ? storedFloat(finite(given.value, path)) : given.value
    if (typeof given === 'number' && !Number.isSafeInteger(given)) {
      oddities.push({ path, message: 'This number is too large to be kept exactly; put it in quotes to use it as a text.' })
    }
    if (Array.isArray(given)) return given.map((item, index) => convert(item, [...path, index]))
    if (!(given instanceof Map)) return given
    const entries = [...given].map(([key, item]): [Key, unknown] => {
      const step = toKey(key, path)
      return [step, convert(item, [...path, String(step)])]
    })
    return variable ? storedDict(entries) : Object.fromEntries(entries.map(([key, item]) => [String(key), item]))
  }

  const toKey = (key: unknown, path: Path): Key => {
    if (key instanceof Float) return key.value
    const simple = key === null || typeof key === 'string' || typeof key === 'number' || typeof key === 'boolean'
    if (simple && key !== '__proto__') return key
    oddities.push({
      path,
      message: simple ? '`__proto__` cannot be a key.' : 'A key must be a word or a number, not a list or a mapping.',
    })
    return null
  }

  const finite = (number: number, path: Path) => {
    if (!Number.isFinite(number)) oddities.push({ path, message: 'A variable must be a finite number.' })
    return Number.isFinite(number) ? number : 0
  }

  return { value: convert(value, []), oddities, excess }
}
