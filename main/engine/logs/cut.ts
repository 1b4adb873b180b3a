/** File systems take out whole blocks only; theirs are smaller than this, in bytes. */
export const blockBytes = 64 * 1024
/** Length of every mark in bytes, so that a later one takes the place of the one before. */
export const markBytes = 128

const markPattern = /^\n\[Fermata left out (?:about )?(\d+) bytes here: this output grew beyond [\d.]+ MB\] *\n$/

/** What is taken out of a log: bytes `from` (inclusive) to `to` (exclusive). The mark stands right before `from`. */
export interface Cut {
  readonly from: number
  readonly to: number
}

/**
 * What to take out of a log of `size` bytes that may have `maxBytes`: its first quarter stays and half of it at the end, so
 * that it can grow by a quarter until the next cut. Null when it is within its cap.
 */
export function cutFor(size: number, maxBytes: number): Cut | null {
  if (size <= maxBytes) return null
  const from = Math.max(blockBytes, wholeBlocks(maxBytes / 4))
  const to = wholeBlocks(size - maxBytes / 2)
  return to > from ? { from, to } : null
}

/**
 * The line that stands where bytes were left out.
 *
 * @param before what stood in its place: an earlier mark, whose bytes are counted on, or the log itself
 * @param exactly nothing but these bytes can be missing
 */
export function markFor(before: Buffer, { from, to }: Cut, maxBytes: number, exactly: boolean): Buffer {
  const leftOut = to - from + (leftOutAt(before) ?? before.length)
  const megabytes = Number((maxBytes / 1e6).toFixed(1))
  // Plain digits: with separators they could read like an error code that an instrument's profile looks for.
  const text = `[Fermata left out ${exactly ? '' : 'about '}${leftOut} bytes here: this output grew beyond ${megabytes} MB]`
  return Buffer.from(`\n${text.padEnd(markBytes - 2)}\n`)
}

/** How many bytes of its log a mark stands for, its own among them; null where these bytes are no mark. */
export function leftOutAt(mark: Buffer): number | null {
  const bytes = markPattern.exec(mark.toString('latin1'))?.[1]
  return bytes === undefined ? null : Number(bytes)
}

function wholeBlocks(bytes: number): number {
  return Math.floor(bytes / blockBytes) * blockBytes
}
