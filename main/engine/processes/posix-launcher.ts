import { type ChildProcess, spawn } from 'node:child_process'
import { type FileHandle, open, rm, stat } from 'node:fs/promises'
import { LaunchError } from '../errors.ts'
import type { AttemptFinding, Launcher, LaunchRequest, ProcessIdentity, StopReport } from '../ports.ts'
import { attemptFiles, readExitStatus, readWrapperPid } from './attempt-folder.ts'
import { adoptedWatch, exitOf } from './exit-watch.ts'
import { findProgram } from './find-program.ts'
import { freezeAttempt, thawAttempt } from './freeze.ts'
import { inTurn } from './in-turn.ts'
import { safeKillGroup } from './kill.ts'
import { linuxProcesses } from './linux-processes.ts'
import { macProcesses } from './mac-processes.ts'
import { isFrozen, isLive, type ProcessEntry, type ProcessQuery, type ProcessTable } from './process-table.ts'
import { sampleGroups } from './sample.ts'
import { stopAttempt } from './stop.ts'
import { isMarker, wrapperArguments } from './wrapper.ts'

/**
 * Attempts as process groups that outlive Fermata (docs/decisions/0002). A launched process does not keep the event loop
 * alive; a watched one does, until it has ended or the watch is disposed.
 *
 * When an attempt is found `gone` or `lost`, only its wrapper is known to be away: `stop` it before another is started, to
 * end what it may have left. Without a recorded identity, `stop({ pid: 0, startTime: '' }, marker, …)` goes by the marker.
 */
export function createPosixLauncher(): Launcher {
  const table: ProcessTable = process.platform === 'darwin' ? macProcesses() : linuxProcesses()
  const adopted = adoptedWatch(table)
  const children = new Map<string, ChildProcess>()
  const stopping = new Map<string, Promise<StopReport>>()
  // A freeze amid a stop would keep the attempt from obeying it.
  const oneAfterAnother = inTurn()

  return {
    canFreeze: true,

    async launch(request) {
      const marker = request.env.FERMATA_ATTEMPT
      if (!isMarker(marker)) {
        throw new LaunchError('ATTEMPT_UNMARKED', 'FERMATA_ATTEMPT must be one word of at most 200 printable ASCII characters.')
      }
      await assertFolder(request.cwd)
      const [name, ...rest] = request.argv
      const program = await findProgram(name, request.env.PATH, request.cwd)
      const streams = await openStreams(request)
      try {
        const child = await spawnWrapper(wrapperArguments(marker, request.folder, [program, ...rest]), request, streams)
        const identity = identify(table, child)
        children.set(keyOf(identity), child)
        child.once('exit', () => children.delete(keyOf(identity)))
        return identity
      } finally {
        await Promise.all(streams.map((stream) => stream.close()))
      }
    },

    watch(folder, identity, onExit) {
      const child = children.get(keyOf(identity))
      if (child === undefined) return adopted.watch(folder, identity, onExit)
      let over = false
      // A wrapper that could not write its exit file (a full disk) still tells the status as its own.
      const ended = async (status: number | null) => {
        const exit = await exitOf(folder)
        if (!over) onExit(exit.kind === 'lost' && status !== null ? { kind: 'exited', status } : exit)
      }
      child.once('exit', ended)
      child.ref()
      return () => {
        over = true
        child.off('exit', ended)
        child.unref()
      }
    },

    inspect: (folder, marker, recorded) => inspectAttempt(table, folder, marker, recorded),

    stop(identity, marker, graceMs) {
      const key = `${keyOf(identity)} ${marker}`
      const underway = stopping.get(key)
      if (underway) return underway
      const work = oneAfterAnother(key, () => stopAttempt(table, identity, marker, graceMs)).finally(() => stopping.delete(key))
      stopping.set(key, work)
      return work
    },

    freeze(identity, marker) {
      return oneAfterAnother(`${keyOf(identity)} ${marker}`, () => freezeAttempt(table, identity, marker))
    },

    thaw(identity, marker) {
      return oneAfterAnother(`${keyOf(identity)} ${marker}`, () => thawAttempt(table, identity, marker))
    },

    async living(processes) {
      const entries = await table.list({ pids: processes.map(({ pid }) => pid) })
      const names = new Set(entries.filter(isLive).map(keyOf))
      return processes.filter((one) => names.has(keyOf(one)))
    },

    sample: (attempts) => sampleGroups(table, attempts),
  }
}

/** The exit file is the truth; without one, only a wrapper that carries the marker is the attempt. A reused pid has none. */
async function inspectAttempt(
  table: ProcessTable,
  folder: string,
  marker: string,
  recorded: ProcessIdentity | null,
): Promise<AttemptFinding> {
  const status = await readExitStatus(folder)
  if (status !== null) return { kind: 'exited', status }
  const likely = [recorded?.pid, await readWrapperPid(folder)].filter((pid) => typeof pid === 'number')
  const wrapper =
    (await findWrapper(table, { marker, pids: likely })) ?? (await findWrapper(table, { marker, since: recorded?.startTime }))
  if (wrapper !== null) {
    const identity = { pid: wrapper.pid, startTime: wrapper.startTime }
    return { kind: 'alive', identity, frozen: wrapper.state !== 'running' && (await isGroupFrozen(table, wrapper.pid)) }
  }
  // It may have ended between the two looks.
  const exit = await exitOf(folder)
  return exit.kind === 'exited' ? exit : { kind: 'gone' }
}

async function findWrapper(table: ProcessTable, query: ProcessQuery): Promise<ProcessEntry | null> {
  const entries = await table.list(query)
  return entries.find((entry) => isLive(entry) && entry.mark === 'wrapper') ?? null
}

async function isGroupFrozen(table: ProcessTable, group: number): Promise<boolean> {
  return isFrozen((await table.list({})).filter((entry) => isLive(entry) && entry.group === group))
}

async function assertFolder(path: string): Promise<void> {
  const facts = await stat(path).catch(() => null)
  if (facts?.isDirectory()) return
  const what = facts ? 'is not a folder' : 'does not exist'
  throw new LaunchError('WORKING_FOLDER_MISSING', `The folder to work in ${what}: ${path}`, {
    remedy: 'Create it, or name another workspace in the score.',
  })
}

/** Standard input, output and error as files, so that the kernel moves the bytes whether or not Fermata lives. */
async function openStreams({ folder, promptOnStdin }: LaunchRequest): Promise<readonly FileHandle[]> {
  const files = attemptFiles(folder)
  const opened: FileHandle[] = []
  const openNext = async (path: string, flags: string) => void opened.push(await open(path, flags, 0o600))
  try {
    // Left by a launch that failed: they would be taken for this one's.
    await Promise.all([files.pid, files.exit].map((file) => rm(file, { force: true })))
    await openNext(promptOnStdin ? files.prompt : '/dev/null', 'r')
    await openNext(files.stdout, 'a')
    await openNext(files.stderr, 'a')
    return opened
  } catch (cause) {
    await Promise.all(opened.map((stream) => stream.close()))
    if (promptOnStdin && opened.length === 0 && (await stat(folder).catch(() => null))?.isDirectory()) {
      throw new LaunchError('PROMPT_UNREADABLE', `The prompt cannot be read: ${files.prompt}`, { cause })
    }
    throw new LaunchError('ATTEMPT_FOLDER_UNWRITABLE', `The folder for the attempt's output cannot be written: ${folder}`, {
      remedy: 'Check that it exists, belongs to you and that its disk is not full.',
      cause,
    })
  }
}

async function spawnWrapper(args: string[], request: LaunchRequest, streams: readonly FileHandle[]): Promise<ChildProcess> {
  try {
    const child = spawn('/bin/sh', args, {
      cwd: request.cwd,
      env: request.env,
      detached: true,
      stdio: streams.map((stream) => stream.fd),
    })
    if (child.pid === undefined) await new Promise((_resolve, reject) => child.once('error', reject))
    child.unref()
    return child
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'E2BIG') {
      throw new LaunchError('ARGUMENTS_TOO_LONG', 'The command line is longer than the system allows.', {
        remedy: 'Let the instrument read its prompt from standard input instead of an argument.',
        cause,
      })
    }
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new LaunchError('LAUNCH_FAILED', `The system could not start a process: ${why}`, {
      remedy: 'Close other programs or raise the limit of processes, then try again.',
      cause,
    })
  }
}

/** To be called before the event loop turns: it could reap a wrapper that has ended already. */
function identify(table: ProcessTable, child: ChildProcess): ProcessIdentity {
  const pid = child.pid ?? 0
  const startTime = table.startTimeOf(pid)
  if (startTime !== null) return { pid, startTime }
  // Nobody could ever find it again. It leads a new group, so that cannot be ours.
  safeKillGroup(pid, 'SIGKILL', process.pid)
  throw new LaunchError('LAUNCH_FAILED', `The system does not show the process that was just started (pid ${pid}).`)
}

function keyOf(identity: ProcessIdentity): string {
  return `${identity.pid} ${identity.startTime}`
}
