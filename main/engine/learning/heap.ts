/** A queue whose next entry is always the least one. */
export class Heap<T> {
  readonly #entries: T[] = []
  readonly #before: (a: T, b: T) => boolean

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before
  }

  push(entry: T): void {
    const entries = this.#entries
    let at = entries.push(entry) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#isBefore(at, parent)) return
      this.#swap(at, parent)
      at = parent
    }
  }

  pop(): T | undefined {
    const entries = this.#entries
    const [first] = entries
    const last = entries.pop()
    if (entries.length === 0 || last === undefined) return first
    entries[0] = last
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2]
      let least = at
      if (left < entries.length && this.#isBefore(left, least)) least = left
      if (right < entries.length && this.#isBefore(right, least)) least = right
      if (least === at) return first
      this.#swap(at, least)
      at = least
    }
  }

  #isBefore(a: number, b: number): boolean {
    return this.#before(this.#entries[a] as T, this.#entries[b] as T)
  }

  #swap(a: number, b: number): void {
    const entries = this.#entries
    const kept = entries[a] as T
    entries[a] = entries[b] as T
    entries[b] = kept
  }
}
