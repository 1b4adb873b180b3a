/** Longest line that is shown, in bytes; what is beyond is left out with a mark. */
export const clipBytes = 16 * 1024

const carriageReturn = 13
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Puts one line together from pieces of a file, in memory bounded by {@link clipBytes}. Of a line that overwrote itself
 * with carriage returns (a progress bar) only what stood there last is kept.
 */
export class LineCollector {
  readonly #kept = Buffer.allocUnsafe(clipBytes + 1)
  /** Bytes since the last carriage return that was followed by something. */
  #length = 0
  #overwriteNext = false

  /** Adds bytes of the line, without its newline. */
  push(piece: Buffer): void {
    let end = piece.length
    while (end > 0 && piece[end - 1] === carriageReturn) end -= 1
    if (end > 0) {
      const last = piece.lastIndexOf(carriageReturn, end - 1)
      if (last >= 0 || this.#overwriteNext) this.#length = 0
      this.#append(piece.subarray(last + 1, end))
      this.#overwriteNext = false
    }
    if (end < piece.length) this.#overwriteNext = true
  }

  /** The line as text, and begins the next one. Bytes that are no UTF-8 become U+FFFD. */
  take(): string {
    const length = this.#length
    this.#length = 0
    this.#overwriteNext = false
    if (length <= clipBytes) return decoder.decode(this.#kept.subarray(0, length))
    return `${decoder.decode(this.#kept.subarray(0, this.#characterStart()))} … [line clipped: ${length} bytes]`
  }

  #append(bytes: Buffer): void {
    // One byte more than is shown is kept: it tells whether the cut goes through a character.
    if (this.#length <= clipBytes) bytes.copy(this.#kept, this.#length)
    this.#length += bytes.length
  }

  #characterStart(): number {
    let cut = clipBytes
    while (cut > clipBytes - 3 && ((this.#kept[cut] ?? 0) & 0xc0) === 0x80) cut -= 1
    return cut
  }
}
