import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'

const newline = 0x0a

/**
 * The lines of a file, as bytes without their ends, in batches. A line longer than `longest` bytes is left out.
 * A missing file has no lines.
 */
export async function* linesOf(file: string, longest: number): AsyncGenerator<readonly Buffer[]> {
  let pieces: Buffer[] = []
  let size = 0
  const add = (piece: Buffer) => {
    size += piece.length
    // Too long already: only the length still matters.
    if (size > longest) pieces = []
    else pieces.push(piece)
  }
  const take = (): Buffer | null => {
    const line = size > longest ? null : Buffer.concat(pieces)
    pieces = []
    size = 0
    return line
  }

  for await (const chunk of bytesOf(file)) {
    const lines: Buffer[] = []
    let start = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      add(chunk.subarray(start, end))
      const line = take()
      if (line !== null) lines.push(line)
      start = end + 1
    }
    add(chunk.subarray(start))
    yield lines
  }
  const last = take()
  if (last !== null && last.length > 0) yield [last]
}

/** The last `bytes` bytes of a file as text; empty when there is no such file. */
export async function tailOf(file: string, bytes: number): Promise<string> {
  const handle = await open(file).catch(missingIsNull)
  if (handle === null) return ''
  try {
    const { size } = await handle.stat()
    const start = Math.max(0, size - bytes)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  const handle = await open(file).catch(missingIsNull)
  if (handle === null) return
  for await (const chunk of createReadStream(file, { fd: handle, highWaterMark: 256 * 1024 })) yield chunk as Buffer
}

function missingIsNull(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}
