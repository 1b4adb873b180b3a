import { Failure } from './failure.ts'
import { defined, type Keywords, truthy, typeName, type Value } from './values.ts'

/** The arguments of a filter, a test or a method, read by position or by name, as Python binds them. */
export class Arguments {
  readonly #what: string
  readonly #given: Map<string, Value>

  /** @throws Failure for an argument too many, or one the function does not have */
  constructor(what: string, parameters: readonly string[], positional: readonly Value[], keywords: Keywords) {
    if (positional.length > parameters.length) throw new Failure(`\`${what}\` takes at most ${parameters.length} argument(s)`)
    this.#what = what
    this.#given = new Map(keywords)
    for (const name of keywords.keys()) {
      if (!parameters.includes(name)) throw new Failure(`\`${what}\` has no argument \`${name}\``)
    }
    for (const [index, value] of positional.entries()) {
      const name = parameters[index] ?? ''
      if (this.#given.has(name)) throw new Failure(`\`${what}\` is given \`${name}\` twice`)
      this.#given.set(name, value)
    }
  }

  has(name: string): boolean {
    return this.#given.has(name)
  }

  /** The value of an argument; without a fallback it must be given. */
  value(name: string, fallback?: Value): Value {
    const given = this.#given.get(name)
    const found = given === undefined ? fallback : given
    if (found === undefined) throw new Failure(`\`${this.#what}\` needs the argument \`${name}\``)
    return found
  }

  text(name: string, fallback?: string): string {
    const value = defined(this.value(name, fallback))
    if (typeof value === 'string') return value
    throw new Failure(`\`${name}\` is a text, not a ${typeName(value)}`)
  }

  int(name: string, fallback?: number): number {
    const value = defined(this.value(name, fallback))
    if (typeof value === 'number' || typeof value === 'boolean') return Number(value)
    throw new Failure(`\`${name}\` is a whole number, not a ${typeName(value)}`)
  }

  flag(name: string): boolean {
    return truthy(this.value(name, false))
  }

  /** The number of an argument that may be left out or `none`. */
  optionalInt(name: string): number | null {
    return this.value(name, null) === null ? null : this.int(name)
  }
}

/** One filter: the names of its arguments in order, and what it does. */
export interface Filter {
  readonly parameters: readonly string[]
  readonly apply: (value: Value, args: Arguments) => Value
}

/** One method of a text, a list or a dict: its name, the names of its arguments, and what it does. */
export type Method<T> = readonly [name: string, parameters: readonly string[], apply: (self: T, args: Arguments) => Value]
