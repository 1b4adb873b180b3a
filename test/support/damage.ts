import { closeSync, openSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs'

const PAGE_BYTES = 4096

function overwrite(file: string, at: number, bytes: number): void {
  const handle = openSync(file, 'r+')
  try {
    writeSync(handle, Buffer.alloc(bytes, 'A'), 0, bytes, at)
  } finally {
    closeSync(handle)
  }
}

/** What can become of a SQLite file that nobody has open; each name goes on after "a file that". */
export const DAMAGES: Readonly<Record<string, (file: string) => void>> = {
  'was cut off in the middle': (file) => truncateSync(file, Math.floor(statSync(file).size / 2)),
  'was cut off after its first page': (file) => truncateSync(file, PAGE_BYTES),
  'was emptied': (file) => truncateSync(file, 0),
  'has a damaged header': (file) => overwrite(file, 0, 100),
  'has a damaged page in the middle': (file) =>
    overwrite(file, PAGE_BYTES * Math.floor(statSync(file).size / PAGE_BYTES / 2), PAGE_BYTES),
  'was replaced by something else': (file) => writeFileSync(file, 'this was a database once, long ago. '.repeat(200)),
  'was deleted': (file) => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
  },
}
