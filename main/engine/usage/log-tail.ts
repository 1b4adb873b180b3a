import { type FileHandle, open } from 'node:fs/promises'
import { isMark } from '../instruments/running-usage.ts'
import { blockBytes, leftOutAt, markBytes } from '../logs/cut.ts'

const chunkBytes = 256 * 1024
/** Bytes a look reads at most; what is left is read at the next one. */
const mostBytes = 8 * 1024 * 1024
/** Bytes. A longer line is no event that tells tokens. */
const longestLine = 4 * 1024 * 1024
/** Bytes kept of what was read last, to see that the log was cut before it. */
const tailBytes = 256
const newline = 0x0a

export interface Growth {
  /** Bytes that were read. */
  readonly bytes: number
  /** Bytes were taken out before they were read. */
  readonly missed: boolean
  /** It is another file, or was emptied: what was read before does not belong to it. */
  readonly isOther: boolean
  /** There may be more: it was not read to its end. */
  readonly isBehind: boolean
}

/**
 * The lines of a log as it grows, from its beginning. A log whose middle is taken out while it is read (see `logs/cap-logs.ts`) is
 * read on at the same place: no line comes twice.
 */
export class LogTail {
  readonly #file: string
  #position = 0
  #tail: Buffer = Buffer.alloc(0)
  #pieces: Buffer[] = []
  #lineBytes = 0
  /** The line that is being read began in what is gone. */
  #isTorn = false
  /** How far marks have moved what stands behind them, in bytes. */
  #shift = 0

  constructor(file: string) {
    this.#file = file
  }

  /**
   * Gives the lines that were added, without their ends, in batches; a missing file has none.
   * @throws what the system says, when the file is there but cannot be read, or was there and is not any more
   */
  async read(take: (lines: readonly Buffer[]) => void): Promise<Growth> {
    const growth = { bytes: 0, missed: false, isOther: false, isBehind: false }
    const file = await open(this.#file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' && this.#position === 0) return null
      throw error
    })
    if (file === null) return growth
    try {
      const chunk = Buffer.allocUnsafe(tailBytes + chunkBytes)
      while (growth.bytes < mostBytes) {
        const from = this.#position - this.#tail.length
        const { bytesRead } = await file.read(chunk, 0, this.#tail.length + chunkBytes, from)
        if (!chunk.subarray(0, Math.min(bytesRead, this.#tail.length)).equals(this.#tail)) {
          const moved = await this.#findPlace(file)
          growth.missed ||= moved.missed
          growth.isOther ||= moved.isOther
          if (moved.isOther) break
          continue
        }
        const added = chunk.subarray(this.#tail.length, bytesRead)
        growth.isBehind = added.length > 0
        if (added.length === 0) break
        growth.bytes += added.length
        // What is handed out must not change with the next chunk.
        take(this.#linesIn(Buffer.from(added)))
        this.#position += added.length
        this.#tail = Buffer.from(chunk.subarray(Math.max(0, bytesRead - tailBytes), bytesRead))
      }
      return growth
    } finally {
      await file.close()
    }
  }

  #linesIn(bytes: Buffer): Buffer[] {
    const lines: Buffer[] = []
    let start = 0
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      this.#add(bytes.subarray(start, end))
      if (!this.#isTorn && this.#lineBytes <= longestLine) {
        const line = Buffer.concat(this.#pieces)
        if (isMark(line)) this.#shift += shiftOf(line)
        lines.push(line)
      }
      this.#dropLine(false)
      start = end + 1
    }
    this.#add(bytes.subarray(start))
    return lines
  }

  #add(piece: Buffer): void {
    this.#lineBytes += piece.length
    if (this.#lineBytes > longestLine) this.#pieces = []
    else if (piece.length > 0) this.#pieces.push(piece)
  }

  #dropLine(isTorn: boolean): void {
    this.#pieces = []
    this.#lineBytes = 0
    this.#isTorn = isTorn
  }

  /** Where to read on, now that something else stands there. */
  async #findPlace(file: FileHandle): Promise<{ missed: boolean; isOther: boolean }> {
    const marks = await marksIn(file)
    const shift = marks.reduce((sum, { moved }) => sum + moved, 0)
    const end = marks.at(-1)?.end ?? 0
    const place = this.#position - (shift - this.#shift)
    this.#tail = Buffer.alloc(0)
    if (shift <= this.#shift) {
      this.#position = 0
      this.#shift = 0
      this.#dropLine(false)
      return { missed: false, isOther: true }
    }
    this.#shift = shift
    this.#position = Math.max(place, end)
    const missed = place < end
    if (missed) this.#dropLine(true)
    return { missed, isOther: false }
  }
}

const shiftOf = (line: Buffer): number => (leftOutAt(Buffer.from(`\n${line}\n`)) ?? markBytes) - markBytes

/** The marks of a log, each with how far it moved what stands behind it. They end where a block does. */
async function marksIn(file: FileHandle): Promise<readonly { end: number; moved: number }[]> {
  const marks: { end: number; moved: number }[] = []
  const { size } = await file.stat()
  const mark = Buffer.alloc(markBytes)
  for (let end = blockBytes; end <= size; end += blockBytes) {
    await file.read(mark, 0, markBytes, end - markBytes)
    const leftOut = leftOutAt(mark)
    if (leftOut !== null) marks.push({ end, moved: leftOut - markBytes })
  }
  return marks
}
