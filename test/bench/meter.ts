import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadCatalogue } from '../../main/engine/instruments/catalogue.ts'
import { createMeter, type Meter } from '../../main/engine/usage/meter.ts'
import type { Bench } from './bench.ts'

const attempts = 64
const perSecond = 50
const seconds = 15
const lookMs = 1000

/** Prints like as many agents as there are files, each message in two lines, as Claude Code does. */
const writer = `
const { openSync, writeSync } = require('node:fs')
const files = process.argv.slice(1).map((file) => openSync(file, 'a'))
const text = 'I will look at the page and change what it says of the sea, then run the checks again. '.repeat(2)
let tick = 0
setInterval(() => {
  tick += 1
  const id = 'msg_' + Math.floor(tick / 2)
  const usage = { input_tokens: 12, output_tokens: 40, cache_read_input_tokens: 20000, cache_creation_input_tokens: 300 }
  const content = [{ type: 'text', text: tick + text }]
  const line = JSON.stringify({ type: 'assistant', message: { id, model: 'claude', content, usage } }) + '\\n'
  for (const file of files) writeSync(file, line)
}, ${1000 / perSecond})`

/** What following the usage of 64 attempts costs the main loop: its delay while they print, against the same without a meter. */
export const meter: Bench = {
  name: `meter, ${attempts} attempts with ${perSecond} usage events a second each`,
  async run() {
    const root = await mkdtemp(join(tmpdir(), 'fermata-bench-'))
    try {
      const catalogue = await loadCatalogue([resolve(import.meta.dirname, '../../assets/instruments')])
      const profile = catalogue.get('claude-code')
      const folders = Array.from({ length: attempts }, (_, at) => join(root, String(at)))
      for (const folder of folders) {
        await mkdir(folder)
        await writeFile(join(folder, 'prompt'), 'Write a page about the sea.')
      }
      const bare = await measure(folders, [])
      const parts = { profile, model: null, price: <Usage>(usage: Usage) => usage, now: Date.now }
      const ours = await measure(
        folders,
        folders.map((folder) => createMeter({ ...parts, folder })),
      )
      return [
        { what: 'delay of the main loop, p50', value: ours.p50, bare: bare.p50, unit: 'ms' },
        { what: 'delay of the main loop, p99', value: ours.p99, bare: bare.p99, unit: 'ms' },
        { what: 'processor time, of a second', value: ours.cpu, bare: bare.cpu, unit: 'ms' },
        { what: 'a look at all of them', value: ours.look, bare: lookMs, unit: 'ms' },
      ]
    } finally {
      await rm(root, { recursive: true, force: true })
    }
  },
}

async function measure(folders: readonly string[], meters: readonly Meter[]) {
  const child = spawn(process.execPath, ['-e', writer, ...folders.map((folder) => join(folder, 'stdout'))], { stdio: 'ignore' })
  const exit = once(child, 'exit')
  // What was printed before, and the tokenizer, are read before it counts.
  for (const one of meters) await one.look()
  await sleep(lookMs)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const cpu = process.cpuUsage()
  const looks: number[] = []
  delay.enable()
  for (let second = 0; second < seconds; second++) {
    const begun = performance.now()
    for (const one of meters) await one.look()
    looks.push(performance.now() - begun)
    await sleep(lookMs)
  }
  delay.disable()
  const { user, system } = process.cpuUsage(cpu)
  child.kill()
  await exit
  return {
    p50: delay.percentile(50) / 1e6,
    p99: delay.percentile(99) / 1e6,
    cpu: (user + system) / 1000 / seconds,
    look: looks.reduce((sum, one) => sum + one, 0) / looks.length,
  }
}
