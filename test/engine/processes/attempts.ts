import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, vi } from 'vitest'
import type { AttemptExit, Launcher, ProcessIdentity } from '../../../main/engine/ports.ts'
import { createLauncher } from '../../../main/engine/processes/launcher.ts'

/** An attempt of a test: a folder of its own and a marker nobody else has. */
export interface TestAttempt {
  readonly folder: string
  readonly marker: string
  readonly env: Readonly<Record<string, string>>
  launch(argv: readonly [string, ...string[]], options?: { cwd?: string; promptOnStdin?: boolean }): Promise<ProcessIdentity>
  output(stream?: 'stdout' | 'stderr'): string
  /** Waits until stdout holds `text`. */
  says(text: string): Promise<void>
}

/** Gives every test a launcher and attempts; afterwards kills what still carries their markers, whatever the test did. */
export function manageAttempts(): { launcher(): Launcher; attempt(): Promise<TestAttempt> } {
  let launcher: Launcher
  let attempts: TestAttempt[] = []

  beforeEach(() => {
    launcher = createLauncher()
    attempts = []
  })
  afterEach(async () => {
    for (const { marker, folder } of attempts) {
      await eventually(async () => {
        const living = await markedProcesses(marker)
        for (const pid of living) killQuietly(pid)
        if (living.length > 0) throw new Error(`Processes of ${marker} live on`)
      })
      await rm(folder, { recursive: true, force: true })
    }
  })

  return {
    launcher: () => launcher,
    async attempt() {
      const folder = await mkdtemp(join(tmpdir(), 'fermata-attempt-'))
      const marker = `test.${randomUUID()}`
      const env = { PATH: process.env.PATH ?? '', FERMATA_ATTEMPT: marker }
      const output = (stream = 'stdout') => readIfThere(join(folder, stream))
      const one: TestAttempt = {
        folder,
        marker,
        env,
        launch: (argv, { cwd = folder, promptOnStdin = false } = {}) =>
          launcher.launch({ folder, argv, cwd, env, promptOnStdin }),
        output,
        says: (text) =>
          eventually(() => {
            if (!output().includes(text)) throw new Error(`stdout does not say "${text}" but "${output()}"`)
          }),
      }
      attempts.push(one)
      return one
    },
  }
}

/** How a watched attempt ends. */
export function ended(launcher: Launcher, folder: string, identity: ProcessIdentity): Promise<AttemptExit> {
  return new Promise((resolve) => launcher.watch(folder, identity, resolve))
}

/** Waits until `check` throws no more; long, because the computer that tests may have much else to do. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 20_000, interval: 20 })
}

/** Live pids whose environment carries the marker; written apart from the product's own search, to check it. */
export async function markedProcesses(marker: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found: number[] = []
  for (const pid of pids) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
    if (environment.split('\0').includes(`FERMATA_ATTEMPT=${marker}`) && isLive(pid)) found.push(pid)
  }
  return found
}

/** The pid exists and is no zombie. */
export function isLive(pid: number): boolean {
  return !['', 'Z', 'X'].includes(stateOf(pid))
}

/** The letter of proc(5): `T` is frozen, `Z` a zombie; empty when there is no such process. */
export function stateOf(pid: number): string {
  return /^State:\s+(\w)/m.exec(readIfThere(`/proc/${pid}/status`))?.[1] ?? ''
}

/** Stopped, or waiting in the kernel, as a shell does for a child that was stopped before it became another program. */
export function standsStill(pid: number): boolean {
  return ['T', 'D'].includes(stateOf(pid))
}

/** Waits until a file holds a number, and tells it. */
export function numberIn(file: string): Promise<number> {
  return eventually(() => {
    const text = readIfThere(file)
    if (!/^\d+\n$/.test(text)) throw new Error(`${file} holds no number`)
    return Number(text)
  })
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone between the look and the signal.
  }
}
