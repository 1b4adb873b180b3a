import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { LogWindow } from '../views.ts'
import { chunkBytes, LineIndex } from './line-index.ts'
import { LineCollector } from './log-line.ts'
import { removedAt } from './removed.ts'
import { whole } from './whole.ts'

/** Files whose index is remembered. */
const rememberedFiles = 16
/** Lines given at once, whatever is asked for. */
const MOST_LINES = 100_000

/** Reads log files of any size by lines, while they grow. */
export interface LogReader {
  /**
   * `count` lines from line `from` (counted from 1; negative counts from the end: -200 are the last 200). A missing file
   * has no lines. Lines over 16 KB are clipped, overwritten parts of progress lines left out, bytes that are no UTF-8
   * shown as U+FFFD.
   */
  window(file: string, from: number, count: number): Promise<LogWindow>
}

/** The indexes of the files read last are kept, so that following a log costs only what is new in it. */
export function createLogReader(): LogReader {
  const indexes = new Map<string, LineIndex>()

  function indexOf(file: string): LineIndex {
    const index = indexes.get(file) ?? new LineIndex()
    // The newest stands last, the one to forget first.
    indexes.delete(file)
    indexes.set(file, index)
    const [oldest] = indexes.keys()
    if (indexes.size > rememberedFiles && oldest !== undefined) indexes.delete(oldest)
    return index
  }

  return {
    async window(file, askedFrom, askedCount) {
      const from = whole(askedFrom, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 1)
      const count = whole(askedCount, 0, MOST_LINES, 0)
      const handle = await openIfThere(file)
      if (handle === null) {
        indexes.delete(file)
        const removed = await removedAt(dirname(file))
        return { from: 1, lines: [], totalLines: 0, sizeBytes: 0, removedAt: removed, isGone: removed === null }
      }
      try {
        const index = indexOf(file)
        await index.update(handle)
        const { lines: totalLines, size: sizeBytes } = index
        const first = Math.max(1, from < 0 ? totalLines + from + 1 : from)
        const wanted = Math.min(count, totalLines - first + 1)
        const start = index.before(first - 1)
        const lines = await readLines(handle, start.offset, sizeBytes, first - 1 - start.line, wanted)
        return { from: first, lines, totalLines, sizeBytes, removedAt: null, isGone: false }
      } finally {
        await handle.close()
      }
    },
  }
}

async function openIfThere(file: string): Promise<FileHandle | null> {
  try {
    return await open(file, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null
    throw error
  }
}

/** `count` lines between two offsets, after skipping some. A chunk is read at a time, so other work goes on between. */
async function readLines(file: FileHandle, start: number, end: number, skip: number, count: number): Promise<string[]> {
  const lines: string[] = []
  if (count <= 0) return lines
  const line = new LineCollector()
  const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, end - start))
  let skipped = 0
  for (let offset = start; offset < end; ) {
    const { bytesRead } = await file.read(chunk, 0, Math.min(chunk.length, end - offset), offset)
    // Truncated meanwhile: what there was is what there is.
    if (bytesRead === 0) return lines
    offset += bytesRead
    let from = 0
    while (from < bytesRead) {
      const newline = chunk.indexOf(10, from)
      const to = newline >= 0 && newline < bytesRead ? newline : bytesRead
      if (skipped >= skip) line.push(chunk.subarray(from, to))
      from = to + 1
      if (to === bytesRead) break
      if (skipped < skip) skipped += 1
      else if (lines.push(line.take()) === count) return lines
    }
  }
  // Only a line without a newline is left over here.
  lines.push(line.take())
  return lines
}
