import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { tailOf } from '../instruments/output-file.ts'
import type { AttemptExit, Clock, Launcher } from '../ports.ts'
import { redact } from './redact.ts'
import { STOP_GRACE_MS } from './stop-grace.ts'

/** Read of each stream before secrets are taken out: more than is ever shown, so that none is cut in two unseen. */
const READ_BYTES = 64 * 1024

/** What processes beside attempts (checks, skip rules, hooks) run with. */
export interface ProcessParts {
  readonly launcher: Launcher
  readonly clock: Clock
}

export interface OnceRequest extends ProcessParts {
  /** A folder of the process's own; what is in it is lost. */
  readonly folder: string
  /** Never a shell line. */
  readonly argv: readonly [string, ...string[]]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** The value of FERMATA_ATTEMPT in `env`. */
  readonly marker: string
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

export type OnceEnd = AttemptExit | { readonly kind: 'timeout' } | { readonly kind: 'aborted' }

/** The marker of whatever runs in `folder`: the same each time, so that what an earlier Fermata began there is found. */
export const markerIn = (folder: string, name: string): string =>
  `${name}.${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`

/** Makes room for the next run. One that a Fermata began which was killed may still go on: two would disturb each other. */
async function endEarlierRun({ folder, launcher, marker }: OnceRequest): Promise<void> {
  if (!existsSync(folder)) return
  const earlier = await launcher.inspect(folder, marker, null)
  if (earlier.kind === 'alive') await launcher.stop(earlier.identity, marker, STOP_GRACE_MS)
  await rm(folder, { recursive: true, force: true })
}

/**
 * Runs a program to its end as a process of its own, like an attempt: in its own group, with files for its output, ended with
 * everything it started when its time is up or `signal` is aborted.
 *
 * @throws LaunchError when it cannot be started
 */
export async function runOnce(request: OnceRequest): Promise<OnceEnd> {
  const { folder, argv, cwd, env, marker, launcher, clock, timeoutMs, signal } = request
  await endEarlierRun(request)
  if (signal?.aborted) return { kind: 'aborted' }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const identity = await launcher.launch({ folder, argv, cwd, env, promptOnStdin: false })
  const end = await new Promise<OnceEnd>((resolve) => {
    const stopWatching = launcher.watch(folder, identity, (exit) => finish(exit))
    const clearDeadline = clock.after(timeoutMs, () => finish({ kind: 'timeout' }))
    const abort = () => finish({ kind: 'aborted' })
    signal?.addEventListener('abort', abort, { once: true })
    if (signal?.aborted) abort()
    function finish(how: OnceEnd) {
      stopWatching()
      clearDeadline()
      signal?.removeEventListener('abort', abort)
      resolve(how)
    }
  })
  if (end.kind === 'timeout' || end.kind === 'aborted') await launcher.stop(identity, marker, STOP_GRACE_MS)
  return end
}

/** The end of what a process printed, without secrets. @param characters at most so many */
export async function outputTail(folder: string, stream: 'stdout' | 'stderr', characters: number): Promise<string> {
  return redact(await tailOf(join(folder, stream), READ_BYTES)).slice(-characters)
}
