import { Failure } from './failure.ts'
import { defined, type Keywords, numeric, truthy, typeName, type Value } from './values.ts'

/** The arguments of a filter or a test, read by position or by name, as Python binds them. */
export class Arguments {
  readonly #given: Map<string, Value>

  /** @throws Failure for an argument too many, or one the filter does not have. */
  constructor(what: string, parameters: readonly string[], positional: readonly Value[], keywords: Keywords) {
    if (positional.length > parameters.length) throw new Failure(`\`${what}\` takes at most ${parameters.length} argument(s)`)
    this.#given = new Map(keywords)
    for (const name of keywords.keys()) {
      if (!parameters.includes(name)) throw new Failure(`\`${what}\` has no argument \`${name}\``)
    }
    for (const [index, value] of positional.entries()) this.#given.set(parameters[index] ?? '', value)
  }

  has(name: string): boolean {
    return this.#given.has(name)
  }

  value(name: string, fallback: Value): Value {
    const given = this.#given.get(name)
    return given === undefined ? fallback : given
  }

  text(name: string, fallback: string): string {
    const value = defined(this.value(name, fallback))
    if (typeof value === 'string') return value
    throw new Failure(`\`${name}\` is a text, not a ${typeName(value)}`)
  }

  int(name: string, fallback: number): number {
    const value = defined(this.value(name, fallback))
    const number = numeric(value)
    if (number !== null && Number.isInteger(number)) return number
    throw new Failure(`\`${name}\` is a whole number, not a ${typeName(value)}`)
  }

  flag(name: string): boolean {
    return truthy(this.value(name, false))
  }
}

/** One filter: the names of its arguments in order, and what it does. */
export interface Filter {
  readonly parameters: readonly string[]
  readonly apply: (value: Value, args: Arguments) => Value
}
