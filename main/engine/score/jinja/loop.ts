import { Failure } from './failure.ts'
import { equals, Thing, tuple, Undefined, type Value } from './values.ts'

/** What `loop` offers inside a `for`: one per loop, moved on from round to round. */
export class Loop {
  readonly #items: readonly Value[]
  readonly #depth: number
  /** Renders the loop again for other items (`loop(item.children)`); null when it is not `recursive`. */
  readonly #again: ((items: Value, depth: number) => string) | null
  #lastSeen: Value | null = null

  constructor(items: readonly Value[], depth: number, again: ((items: Value, depth: number) => string) | null) {
    this.#items = items
    this.#depth = depth
    this.#again = again
  }

  round(index: number): Thing {
    const { length } = this.#items
    const call = (args: readonly Value[]): Value => {
      const [items] = args
      if (!this.#again) throw new Failure('`loop` can only be called in a loop that says `recursive`')
      if (items === undefined || args.length > 1) throw new Failure('`loop` is called with what to go through next')
      return this.#again(items, this.#depth + 1)
    }
    return new Thing(
      `<LoopContext ${index + 1}/${length}>`,
      call,
      new Map<string, Value>([
        ['index', index + 1],
        ['index0', index],
        ['revindex', length - index],
        ['revindex0', length - index - 1],
        ['first', index === 0],
        ['last', index === length - 1],
        ['length', length],
        ['depth', this.#depth],
        ['depth0', this.#depth - 1],
        ['previtem', this.#item(index - 1, 'there is no previous item')],
        ['nextitem', this.#item(index + 1, 'there is no next item')],
        ['cycle', new Thing('<function cycle>', (values) => cycled(values, index))],
        ['changed', new Thing('<function changed>', (values) => this.#changed(values))],
      ]),
    )
  }

  #item(index: number, otherwise: string): Value {
    const found = this.#items[index]
    return found === undefined ? new Undefined(otherwise) : found
  }

  #changed(values: readonly Value[]): boolean {
    const seen = tuple(...values)
    if (this.#lastSeen !== null && equals(this.#lastSeen, seen)) return false
    this.#lastSeen = seen
    return true
  }
}

function cycled(values: readonly Value[], index: number): Value {
  const value = values[index % values.length]
  if (value === undefined) throw new Failure('`cycle` needs values')
  return value
}
