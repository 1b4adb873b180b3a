import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tailOf } from '../instruments/output-file.ts'
import type { AttemptExit, AttemptFinding, Clock, Launcher, ProcessIdentity } from '../ports.ts'
import type { Redact } from '../redaction/redactor.ts'
import { type EndAllParts, endAll } from './end-all.ts'
import { STOP_GRACE_MS } from './stop-grace.ts'

/** Read of each stream before secrets are taken out: more than is ever shown, so that none is cut in two unseen. */
const READ_BYTES = 64 * 1024
/** Until a process is looked for again that the system would not tell about. */
const LOOK_AGAIN_MS = 1000
/** How often its output is brought back within its limit while it runs. */
const TEND_MS = 2000
/** When it began, by {@link Clock.awake}: whoever adopts it counts its time from there. */
const BEGUN_FILE = 'begun'

/** The reason of a signal's abort that lets the process run on, for the next Fermata to adopt. */
export const LET_GO = Symbol('let go')

/** What processes beside attempts (checks, skip rules, hooks) run with. */
export interface ProcessParts {
  readonly launcher: Launcher
  readonly clock: Clock
  /** Keeps what is printed in a folder within its limit. Never rejects. */
  capOutput(folder: string): Promise<void>
}

export interface OnceRequest extends ProcessParts {
  /** A folder of the process's own; what is in it is lost, unless it is adopted. */
  readonly folder: string
  /** Never a shell line. */
  readonly argv: readonly [string, ...string[]]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** The value of FERMATA_ATTEMPT in `env`. */
  readonly marker: string
  readonly timeoutMs: number
  /** When aborted, the process is stopped; with the reason {@link LET_GO} it runs on. */
  readonly signal?: AbortSignal | undefined
  /** Takes what an earlier Fermata began in the folder for this run, whether it still goes on or has ended meanwhile. */
  readonly adopt?: boolean
  /**
   * What it leaves running when it ends is ended too, and what could not be is told here. Without it only a process that is
   * stopped is ended with all it started: what a hook leaves may be its very work.
   */
  readonly onLeft?: (survivors: readonly ProcessIdentity[]) => void
}

export type OnceEnd = AttemptExit | { readonly kind: 'timeout' } | { readonly kind: 'aborted' }

/** The marker of whatever runs in `folder`: the same each time, so that what an earlier Fermata began there is found. */
export const markerIn = (folder: string, name: string): string =>
  `${name}.${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`

/**
 * Ends what an earlier Fermata began in the folder and which still goes on: it was killed, and two would disturb each other.
 * @throws when the system would not tell what runs
 */
export async function endIn({ folder, launcher, marker }: Pick<OnceRequest, 'folder' | 'launcher' | 'marker'>): Promise<void> {
  if (!existsSync(folder)) return
  const earlier = await launcher.inspect(folder, marker, null)
  if (earlier.kind === 'alive') await launcher.stop(earlier.identity, marker, STOP_GRACE_MS)
}

/** What became of the process that an earlier Fermata began; null when nobody waits for the answer any more. */
async function findingOf({ folder, launcher, marker, clock, signal }: OnceRequest): Promise<AttemptFinding | null> {
  for (;;) {
    const finding = await launcher.inspect(folder, marker, null).catch(() => null)
    if (finding !== null || signal?.aborted) return finding
    // The system would not tell now. To guess could run it a second time.
    await new Promise<void>((resolve) => clock.after(LOOK_AGAIN_MS, resolve))
  }
}

/** How the earlier run ended; null when it was lost without a trace and is to be made anew. */
async function adopted(request: OnceRequest): Promise<OnceEnd | null> {
  const { folder, launcher, marker, clock, timeoutMs } = request
  if (!existsSync(folder)) return null
  const finding = await findingOf(request)
  if (finding === null) return { kind: 'aborted' }
  if (finding.kind === 'exited') return finding
  if (finding.kind === 'alive') {
    const begun = Number.parseInt(await readFile(join(folder, BEGUN_FILE), 'utf8').catch(() => ''), 10)
    const ran = Number.isNaN(begun) ? 0 : Math.max(0, clock.awake() - begun)
    return endOf(finding.identity, { ...request, timeoutMs: Math.max(0, timeoutMs - ran) })
  }
  // Only its first process is known to be gone: what it may have left must not run beside the next.
  await launcher.stop({ pid: 0, startTime: '' }, marker, STOP_GRACE_MS)
  return null
}

/** Waits for its end, and sees to it when its time is up or nobody wants it any more. */
async function endOf(identity: ProcessIdentity, request: OnceRequest): Promise<OnceEnd> {
  const { folder, marker, launcher, clock, timeoutMs, signal, onLeft } = request
  const stopTending = tend(request)
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
  const letGo = end.kind === 'aborted' && signal?.reason === LET_GO
  if (onLeft && !letGo) onLeft(await endAll(identity, marker, { launcher, clock, ...UNHEARD }))
  else if (end.kind === 'timeout' || (end.kind === 'aborted' && !letGo)) await launcher.stop(identity, marker, STOP_GRACE_MS)
  await stopTending()
  return end
}

/** Its end is waited for; whatever could not be seen is named. */
const UNHEARD: Pick<EndAllParts, 'signal' | 'onUnknown'> = { signal: new AbortController().signal, onUnknown: () => {} }

/** Keeps its output within its limit until the answer is called, and once more then. */
function tend({ folder, clock, capOutput }: Pick<OnceRequest, 'folder' | 'clock' | 'capOutput'>): () => Promise<void> {
  let over = false
  let work = Promise.resolve()
  const arm = () =>
    clock.after(TEND_MS, () => {
      work = capOutput(folder).then(() => {
        if (!over) dispose = arm()
      })
    })
  let dispose = arm()
  return async () => {
    over = true
    dispose()
    await work
    await capOutput(folder)
  }
}

/**
 * Runs a program to its end as a process of its own, like an attempt: in its own group, with files for its output, ended with
 * everything it started when its time is up or `signal` is aborted.
 *
 * @throws LaunchError when it cannot be started
 */
export async function runOnce(request: OnceRequest): Promise<OnceEnd> {
  const { folder, argv, cwd, env, launcher, clock, signal, adopt } = request
  const earlier = adopt ? await adopted(request) : null
  if (earlier !== null) return earlier
  if (!adopt) await endIn(request)
  if (signal?.aborted) return { kind: 'aborted' }
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(join(folder, BEGUN_FILE), `${clock.awake()}\n`)
  return endOf(await launcher.launch({ folder, argv, cwd, env, promptOnStdin: false }), request)
}

/** The end of what a process printed, without secrets. @param characters at most so many */
export async function outputTail(
  folder: string,
  stream: 'stdout' | 'stderr',
  characters: number,
  redact: Redact,
): Promise<string> {
  return redact(await tailOf(join(folder, stream), READ_BYTES)).slice(-characters)
}
