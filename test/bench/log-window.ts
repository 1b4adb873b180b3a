import { createReadStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createLogReader } from '../../main/engine/logs/log-window.ts'
import { type Bench, quantile } from './bench.ts'

const fileBytes = 200 * 1024 * 1024

/** Windows of a 200 MB log, against reading the file through once. */
export const logWindow: Bench = {
  name: 'log window, 200 MB',
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'fermata-bench-'))
    const file = join(folder, 'stdout')
    try {
      await writeLog(file)
      const read = () => readThrough(file)
      await read()
      const bare = await timed(read)
      const logs = createLogReader()
      const rssBefore = process.memoryUsage.rss()
      const first = await timed(() => logs.window(file, -200, 200))
      const rssGrowth = Math.max(0, process.memoryUsage.rss() - rssBefore)
      const later: number[] = []
      for (let round = 0; round < 200; round += 1) later.push(await timed(() => logs.window(file, 1 + round * 7919, 200)))
      return [
        { what: 'first window (indexes the file)', value: first, bare, unit: 'ms' },
        { what: 'any later window, p50', value: quantile(later, 0.5), bare, unit: 'ms' },
        { what: 'any later window, p99', value: quantile(later, 0.99), bare, unit: 'ms' },
        { what: 'memory grown by, against the file', value: rssGrowth / 2 ** 20, bare: fileBytes / 2 ** 20, unit: 'MB' },
      ]
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

/** Lines of 20 to 220 bytes. */
async function writeLog(file: string): Promise<void> {
  const lines = Array.from({ length: 10_000 }, (_, index) => 'x'.repeat(20 + ((index * 37) % 200)))
  const block = Buffer.from(`${lines.join('\n')}\n`)
  const handle = await open(file, 'w')
  try {
    for (let written = 0; written < fileBytes; written += block.length) await handle.write(block)
  } finally {
    await handle.close()
  }
}

async function readThrough(file: string): Promise<void> {
  for await (const _chunk of createReadStream(file, { highWaterMark: 256 * 1024 }));
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}
