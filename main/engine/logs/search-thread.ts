/** What a search thread is given. */
export interface SearchTask {
  /** Absolute path. */
  readonly file: string
  readonly source: string
  readonly flags: string
  /** The pattern is a plain text: it cannot mean anything beyond one line. */
  readonly plain: boolean
  /** Counts from 1. */
  readonly from: number
  readonly limit: number
}

/** A line that holds what was looked for; the first place in it counts. */
export interface LogHit {
  /** Counts from 1, as in a window of the log. */
  readonly line: number
  /** Counts from 1, in characters of the line as it is displayed: without terminal sequences. */
  readonly column: number
  /** The line, clipped around the hit. */
  readonly text: string
  /** Where in `text` the hit stands; counts from 0. */
  readonly start: number
  readonly end: number
}

/** A hit as the thread posts it: with enough around it that the secrets in it can be found. */
export interface RawHit {
  readonly line: number
  readonly column: number
  /** What stands before the line, its newline included. */
  readonly before: string
  /** The line around the hit, from its beginning where that is near. */
  readonly text: string
  readonly start: number
  readonly end: number
  /** The line goes on behind `text`. */
  readonly isCut: boolean
}

export interface LogSearchResult<Hit = LogHit> {
  readonly hits: readonly Hit[]
  /** The line at which to go on, null when the end of the log was reached. */
  readonly next: number | null
  /** Bytes of the log that were looked at, from its beginning. */
  readonly scannedBytes: number
}

/**
 * Looks through a log, and posts null after every step of it and the result at last. Its source text is what runs in a
 * thread of its own, so that it is found in a bundle as well as here: it must refer to nothing outside of itself.
 */
export function searchThread(): void {
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads')
  const { isAscii } = process.getBuiltinModule('node:buffer')
  const { closeSync, fstatSync, openSync, readSync } = process.getBuiltinModule('node:fs')
  const { stripVTControlCharacters } = process.getBuiltinModule('node:util')

  const chunkBytes = 1024 * 1024
  /** Of a longer line only the beginning is looked through. */
  const longestLine = 16 * 1024 * 1024
  /** Characters of a line given on each side of a hit, and of the lines before it. */
  const around = 4096
  const above = 8192
  const newline = 10
  const carriageReturn = 13
  const escapeSign = 27

  const { file, source, flags, plain, from, limit } = workerData as SearchTask
  const pattern = new RegExp(source, flags)
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const hits: RawHit[] = []
  /** The end of what was looked through. */
  let earlier = ''
  let line = 1
  let scannedBytes = 0

  /** The line without what it overwrote itself, as far as it can be told before its end is read. */
  const withoutOverwritten = (bytes: Buffer): Buffer => {
    let end = bytes.length
    while (end > 0 && bytes[end - 1] === carriageReturn) end -= 1
    return end > 0 ? bytes.subarray(bytes.lastIndexOf(carriageReturn, end - 1) + 1) : bytes
  }

  /** What the window shows of a line. */
  const displayed = (text: string): string => {
    let end = text.length
    while (end > 0 && text.charCodeAt(end - 1) === carriageReturn) end -= 1
    const visible = end > 0 ? text.slice(text.lastIndexOf('\r', end - 1) + 1, end) : ''
    return visible.includes('\u001b') ? stripVTControlCharacters(visible) : visible
  }

  const look = (text: string, before: () => string): void => {
    const found = pattern.exec(text)
    if (found === null) return
    const begin = Math.max(0, found.index - around)
    const stop = found.index + Math.min(found[0].length, around) + around
    const start = found.index - begin
    hits.push({
      line,
      column: found.index + 1,
      before: begin === 0 ? before() : '',
      text: text.slice(begin, stop),
      start,
      end: Math.min(stop - begin, start + found[0].length),
      isCut: stop < text.length,
    })
  }

  /** Most of a log holds nothing: one look at many lines is far cheaper than one at each. */
  const holdsNothing = (bytes: Buffer, text: string): boolean => plain && !bytes.includes(escapeSign) && !pattern.test(text)

  /** Whole lines, without the last one's newline. */
  const lookThrough = (bytes: Buffer): void => {
    // Decoding UTF-8 would take most of the time, and is hardly ever needed.
    const text = isAscii(bytes) ? bytes.toString('latin1') : decoder.decode(bytes)
    const passed = earlier
    earlier = `${text.slice(-above)}\n`
    if (holdsNothing(bytes, text)) {
      line += 1
      for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) line += 1
      return
    }
    for (let at = 0; at <= text.length && hits.length < limit; line += 1) {
      const stop = text.indexOf('\n', at)
      const end = stop < 0 ? text.length : stop
      const begin = at
      const before = () => (begin > above ? '' : passed) + text.slice(Math.max(0, begin - above), begin)
      if (line >= from) look(displayed(text.slice(begin, end)), before)
      at = end + 1
    }
  }

  const handle = openSync(file, 'r')
  try {
    const { size } = fstatSync(handle)
    const chunk = Buffer.allocUnsafe(chunkBytes)
    let pending: Buffer = Buffer.alloc(0)
    while (scannedBytes < size && hits.length < limit) {
      const bytesRead = readSync(handle, chunk, 0, Math.min(chunkBytes, size - scannedBytes), scannedBytes)
      // Truncated meanwhile: what there was is what there is.
      if (bytesRead === 0) break
      scannedBytes += bytesRead
      const bytes = chunk.subarray(0, bytesRead)
      const first = bytes.indexOf(newline)
      const last = bytes.lastIndexOf(newline)
      if (pending.length < longestLine) {
        pending = withoutOverwritten(Buffer.concat([pending, first < 0 ? bytes : bytes.subarray(0, first)]))
      }
      if (first >= 0) {
        lookThrough(pending)
        if (last > first && hits.length < limit) lookThrough(bytes.subarray(first + 1, last))
        pending = Buffer.from(bytes.subarray(last + 1))
      }
      parentPort?.postMessage(null)
    }
    if (pending.length > 0 && hits.length < limit) lookThrough(pending)
    const result: LogSearchResult<RawHit> = { hits, next: hits.length < limit ? null : line, scannedBytes }
    parentPort?.postMessage(result)
  } finally {
    closeSync(handle)
  }
}
