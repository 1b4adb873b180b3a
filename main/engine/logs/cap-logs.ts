import { execFile } from 'node:child_process'
import { fstatSync, ftruncateSync, readSync, writeSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { attemptFiles } from '../processes/attempt-folder.ts'
import { type Cut, cutFor, markBytes, markFor } from './cut.ts'

type Marker = (cut: Cut, exactly: boolean) => void

const execute = promisify(execFile)

const chunkBytes = 1024 * 1024
/** Of the end of a log that has to be copied, as much is kept; copying it keeps everything else waiting for some 10 ms. */
const copiedBytes = 16 * 1024 * 1024
/** Whoever writes faster than the end is copied is not followed for ever: what is left then is left out too, and counted. */
const mostCopiedBytes = 4 * copiedBytes

/** The last call for a folder, while it is not done: two cuts at once would take out twice as much. */
const underWay = new Map<string, Promise<unknown>>()

/**
 * Keeps the output of an attempt within `maxBytes` a stream, while it is being written: where a stream has grown beyond it,
 * its middle is taken out and a line stands there that says so. To be called again and again: between two calls a stream
 * grows as fast as its attempt writes. Whoever reads a stream from beginning to end has to be done, or wait for this, first.
 *
 * Everything behind the mark is there, with one exception: where the file system cannot take out bytes (anything but ext4,
 * XFS and F2FS on Linux), those written in the microseconds between two system calls may be missing. The mark then says
 * "about", and the copying keeps this process busy for some 50 ms.
 *
 * @param folder absolute path of the attempt's folder
 * @returns whether something was taken out
 * @throws what the system says, such as EACCES
 */
export function capLogs(folder: string, maxBytes: number): Promise<boolean> {
  const { stdout, stderr } = attemptFiles(folder)
  const capBoth = async () => {
    const first = await capLog(stdout, maxBytes)
    return (await capLog(stderr, maxBytes)) || first
  }
  const work = (underWay.get(folder) ?? Promise.resolve()).then(capBoth, capBoth)
  const done = () => {
    if (underWay.get(folder) === work) underWay.delete(folder)
  }
  underWay.set(folder, work)
  work.then(done, done)
  return work
}

async function capLog(file: string, maxBytes: number): Promise<boolean> {
  if (cutFor(await sizeOf(file), maxBytes) === null) return false
  // Not for appending, as its writer has it: what is written here takes the place of what stood there.
  const log = await open(file, 'r+')
  try {
    const { size, atime, mtime } = await log.stat()
    const cut = cutFor(size, maxBytes)
    if (cut === null) return false
    const { buffer: before } = await log.read(Buffer.alloc(markBytes), 0, markBytes, cut.from - markBytes)
    const mark: Marker = (what, exactly) => {
      writeSync(log.fd, markFor(before, what, maxBytes, exactly), 0, markBytes, what.from - markBytes)
    }
    const takenOut = (await collapse(file, cut, mark)) ?? copyDown(log.fd, cut, mark)
    // When its writer wrote last must not be covered up by us; if it did meanwhile, the time is its own.
    if ((await log.stat()).size === size - takenOut) await log.utimes(atime, mtime)
    return takenOut > 0
  } finally {
    await log.close()
  }
}

/** 0 for what is not there, or is no file. */
async function sizeOf(file: string): Promise<number> {
  const facts = await stat(file).catch(() => null)
  return facts?.isFile() ? facts.size : 0
}

/** In one step of the kernel, between two writes of whoever writes. Bytes taken out; null where that is not possible. */
async function collapse(file: string, cut: Cut, mark: Marker): Promise<number | null> {
  if (process.platform !== 'linux') return null
  const bytes = cut.to - cut.from
  // A mark where nothing is missing is better than the reverse, should this process end in between.
  mark(cut, true)
  const args = ['--collapse-range', '--offset', String(cut.from), '--length', String(bytes), file]
  return execute('fallocate', args).then(
    () => bytes,
    () => null,
  )
}

/** Copies the end of the log to the cut and cuts off the rest, at once when there is nothing more to read. Bytes taken out. */
function copyDown(fd: number, { from, to }: Cut, mark: Marker): number {
  const { size } = fstatSync(fd)
  if (size <= to) return 0
  const begin = Math.max(to, size - copiedBytes)
  const chunk = Buffer.allocUnsafe(chunkBytes)
  mark({ from, to: begin }, false)
  let copied = 0
  for (;;) {
    const bytesRead = readSync(fd, chunk, 0, chunkBytes, begin + copied)
    if (bytesRead === 0) break
    if (copied >= mostCopiedBytes) {
      mark({ from, to: fstatSync(fd).size - copied }, false)
      break
    }
    writeSync(fd, chunk, 0, bytesRead, from + copied)
    copied += bytesRead
  }
  ftruncateSync(fd, from + copied)
  return begin - from
}
