import type { FileHandle } from 'node:fs/promises'

/** Bytes read at once. */
export const chunkBytes = 256 * 1024
/** Bytes between two remembered line starts: what a window reads in vain at most (long lines aside). */
const strideBytes = 64 * 1024
/** Bytes kept of what was read last, to see that a file was replaced and not continued. */
const tailBytes = 64

/** Where lines begin, for some of them: memory stays small, and a window still starts close to its first line. */
interface Landmark {
  /** Counts from 0. */
  readonly line: number
  readonly offset: number
}

/** The lines of one growing file. Costs 16 bytes or so for every 64 KB of the file. */
export class LineIndex {
  #size = 0
  #newlines = 0
  #lastLineStart = 0
  #inode: number | null = null
  #tail = Buffer.alloc(0)
  #landmarks: Landmark[] = [{ line: 0, offset: 0 }]
  #work: Promise<void> = Promise.resolve()

  /** Bytes of the file that are indexed. */
  get size(): number {
    return this.#size
  }

  /** Lines so far; a last one without a newline counts too. */
  get lines(): number {
    return this.#newlines + (this.#size > this.#lastLineStart ? 1 : 0)
  }

  /** A remembered line start at or before `line` (from 0). */
  before(line: number): Landmark {
    let low = 0
    let high = this.#landmarks.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.#landmarks[middle]?.line ?? 0) <= line) low = middle
      else high = middle - 1
    }
    return this.#landmarks[low] ?? { line: 0, offset: 0 }
  }

  /** Reads what was added to the file, or all of it when it was truncated or replaced. Calls are carried out one by one. */
  update(file: FileHandle): Promise<void> {
    const work = this.#work.then(() => this.#update(file))
    this.#work = work.catch(() => {})
    return work
  }

  async #update(file: FileHandle): Promise<void> {
    const { size, ino } = await file.stat()
    if (ino !== this.#inode || size < this.#size || !(await this.#continues(file))) this.#reset(ino)
    const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(0, size - this.#size)))
    while (this.#size < size) {
      const { bytesRead } = await file.read(chunk, 0, Math.min(chunk.length, size - this.#size), this.#size)
      if (bytesRead === 0) break
      this.#add(chunk.subarray(0, bytesRead))
    }
    // Made shorter while it was read: what was read before and behind the cut do not belong together.
    if ((await file.stat()).size >= size) return
    this.#reset(null)
    await this.#update(file)
  }

  #add(bytes: Buffer): void {
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
      this.#newlines += 1
      this.#lastLineStart = this.#size + at + 1
      const last = this.#landmarks.at(-1)
      if (last && this.#lastLineStart - last.offset >= strideBytes) {
        this.#landmarks.push({ line: this.#newlines, offset: this.#lastLineStart })
      }
    }
    this.#size += bytes.length
    this.#tail = Buffer.concat([this.#tail, bytes.subarray(-tailBytes)]).subarray(-tailBytes)
  }

  async #continues(file: FileHandle): Promise<boolean> {
    const now = Buffer.alloc(this.#tail.length)
    await file.read(now, 0, now.length, this.#size - now.length)
    return now.equals(this.#tail)
  }

  #reset(inode: number | null): void {
    this.#inode = inode
    this.#size = 0
    this.#newlines = 0
    this.#lastLineStart = 0
    this.#tail = Buffer.alloc(0)
    this.#landmarks = [{ line: 0, offset: 0 }]
  }
}
