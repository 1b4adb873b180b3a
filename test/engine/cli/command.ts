import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Place } from '../../support/place.ts'
import { isAlive } from '../../support/processes.ts'
import { until } from '../../support/wait.ts'

const program = join(import.meta.dirname, '../../../out/main/cli.js')

interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The built `fermata` command at work. */
export interface RunningCommand {
  readonly ended: Promise<Ended>
  /** Waits until it has printed `text` on stdout. */
  says(text: string): Promise<void>
  signal(name: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGKILL'): void
  /** Stops reading what it prints, as `| head -1` does. */
  stopReading(): void
}

/** The user's home in a place: empty, and nothing else of this machine's is known there. */
export const homeOf = (place: Place): string => join(place.root, 'home')

/** Starts `fermata` with these arguments, on the place's data folder unless `dataDir` says otherwise. */
export function fermata(place: Place, args: readonly string[], { dataDir = true } = {}): RunningCommand {
  const home = homeOf(place)
  mkdirSync(home, { recursive: true })
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(
    process.execPath,
    [program, ...args, ...(dataDir ? ['--data-dir', place.dataDir] : [])],
    { cwd: place.root, env: { PATH: process.env.PATH, HOME: home }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return {
    ended: once(child, 'close').then(([status]) => ({ status, stdout, stderr })),
    async says(text) {
      await until(`the command says "${text}"`, () => {
        if (stdout.includes(text)) return true
        throw new Error(`stdout: ${stdout}\nstderr: ${stderr}\nalive: ${child.pid !== undefined && isAlive(child.pid)}`)
      })
    },
    signal: (name) => void child.kill(name),
    stopReading: () => void child.stdout.destroy(),
  }
}
