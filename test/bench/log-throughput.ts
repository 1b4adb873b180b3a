import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { followLog } from '../../main/engine/logs/follow.ts'
import { createLogReader } from '../../main/engine/logs/log-window.ts'
import { createLogSearch } from '../../main/engine/logs/search.ts'
import { createLauncher } from '../../main/engine/processes/launcher.ts'
import { type Bench, quantile, type Row } from './bench.ts'

const megabytes = 1024
const rounds = 3
/** Lines of 100 bytes. */
const writer = `yes '${'work '.repeat(20).trim()}' | head -c ${megabytes}M`

/** 1 GB through the log of an attempt while its end is followed, against a plain `> file`; and a search in it, against grep. */
export const logThroughput: Bench = {
  name: 'log, 1 GB',
  async run() {
    const root = await mkdtemp(join(tmpdir(), 'fermata-bench-'))
    try {
      const ours: number[] = []
      const bare: number[] = []
      const grown: number[] = []
      const rows: Row[] = []
      for (let round = 1; round <= rounds; round += 1) {
        const folder = await mkdtemp(join(root, 'attempt-'))
        bare.push(await timed(() => once(spawn('sh', ['-c', `${writer} > bare`], { cwd: folder, stdio: 'ignore' }), 'exit')))
        await rm(join(folder, 'bare'))
        const followed = await follow(folder, round)
        ours.push(followed.ms)
        grown.push(followed.grown)
        if (round === rounds) rows.push(...(await searches(join(folder, 'stdout'))))
        await rm(folder, { recursive: true })
      }
      return [
        { what: 'written and followed, p50', value: quantile(ours, 0.5), bare: quantile(bare, 0.5), unit: 'ms' },
        { what: 'memory grown by, against the log', value: quantile(grown, 0.5), bare: megabytes, unit: 'MB' },
        ...rows,
      ]
    } finally {
      await rm(root, { recursive: true, force: true })
    }
  },
}

/** Writes the log of an attempt while its last lines are read as often as a window would. */
async function follow(folder: string, round: number): Promise<{ ms: number; grown: number }> {
  const launcher = createLauncher()
  const logs = createLogReader()
  const file = join(folder, 'stdout')
  const env = { PATH: process.env.PATH ?? '', FERMATA_ATTEMPT: `bench.${round}` }
  const before = process.memoryUsage.rss()
  let most = before
  let reading = Promise.resolve()
  const stop = followLog(file, () => {
    reading = reading.then(async () => {
      await logs.window(file, -600, 600)
      most = Math.max(most, process.memoryUsage.rss())
    })
  })
  try {
    const ms = await timed(async () => {
      const identity = await launcher.launch({ folder, argv: ['sh', '-c', writer], cwd: folder, env, promptOnStdin: false })
      await new Promise((resolve) => launcher.watch(folder, identity, resolve))
    })
    await logs.window(file, -600, 600)
    return { ms, grown: (Math.max(most, process.memoryUsage.rss()) - before) / 2 ** 20 }
  } finally {
    stop()
    await reading
  }
}

/** Looking for what is not there: all of the log is gone through. */
async function searches(file: string): Promise<readonly Row[]> {
  const logs = createLogSearch()
  const rows: Row[] = []
  const queries = [
    { what: 'search for a text', text: 'rest', regex: false, grep: ['-cF'] },
    { what: 'search for a pattern', text: 'wor+d', regex: true, grep: ['-cE'] },
  ]
  for (const { what, text, regex, grep } of queries) {
    const query = { text, regex, caseSensitive: true }
    const value = await timed(() => logs.search(file, query, 1, 1000))
    const bare = await timed(() => once(execFile('grep', [...grep, text, file]), 'exit'))
    rows.push({ what, value: (megabytes / value) * 1000, bare: (megabytes / bare) * 1000, unit: 'MB/s' })
  }
  return rows
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}
