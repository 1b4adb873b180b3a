import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createLauncher } from '../../main/engine/processes/launcher.ts'
import { type Bench, quantile } from './bench.ts'

const rounds = 100

/** What starting an attempt costs the main thread, against a bare `spawn` of `/bin/true`. */
export const attemptStart: Bench = {
  name: 'attempt start',
  async run() {
    const root = await mkdtemp(join(tmpdir(), 'fermata-bench-'))
    const launcher = createLauncher()
    const ours: number[] = []
    const bare: number[] = []
    try {
      for (let round = 0; round < rounds; round += 1) {
        const folder = await mkdtemp(join(root, 'attempt-'))
        const env = { PATH: process.env.PATH ?? '', FERMATA_ATTEMPT: `bench.${round}` }
        const request = { folder, argv: ['true'], cwd: folder, env, promptOnStdin: false } as const
        const { result: identity, blocked } = await blockedBy(() => launcher.launch(request))
        ours.push(blocked)
        await new Promise((resolve) => launcher.watch(folder, identity, resolve))

        const { result: child, blocked: blockedBare } = await blockedBy(async () => {
          const started = spawn('/bin/true', { stdio: 'ignore', detached: true })
          await once(started, 'spawn')
          return started
        })
        bare.push(blockedBare)
        if (child.exitCode === null) await once(child, 'exit')
      }
    } finally {
      await rm(root, { recursive: true, force: true })
    }
    return [0.5, 0.99].map((p) => ({
      what: `main thread busy, p${p * 100}`,
      value: quantile(ours, p),
      bare: quantile(bare, p),
      unit: 'ms',
    }))
  },
}

/** How long the event loop was busy, and not waiting, until the work was done; in ms. */
async function blockedBy<T>(work: () => Promise<T>): Promise<{ result: T; blocked: number }> {
  // Begins with a turn of its own, so that what is left of the last round is not counted.
  await new Promise((resolve) => setImmediate(resolve))
  const before = performance.eventLoopUtilization()
  const result = await work()
  return { result, blocked: performance.eventLoopUtilization(before).active }
}
