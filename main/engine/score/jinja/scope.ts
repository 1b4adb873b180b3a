import type { Value } from './values.ts'

/** Names and their values; what is not found here is looked for further out. */
export class Scope {
  readonly names: Map<string, Value>
  readonly outer: Scope | null

  constructor(outer: Scope | null, names: Iterable<readonly [string, Value]> = []) {
    this.outer = outer
    this.names = new Map(names)
  }

  find(name: string): Value | undefined {
    const found = this.names.get(name)
    return found === undefined ? this.outer?.find(name) : found
  }

  all(): string[] {
    return [...this.names.keys(), ...(this.outer?.all() ?? [])]
  }
}
