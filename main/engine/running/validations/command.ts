import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { AttemptExit, Clock, Launcher } from '../../ports.ts'
import type { ValidationRule } from '../../score/score.ts'
import { absolutePath } from './files.ts'
import { fillCommand, fillPath } from './placeholders.ts'

const STOP_GRACE_MS = 2000
const TAIL_BYTES = 400

/** The end of a check's output in one line, to say why it failed. */
async function tail(file: string): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const length = Math.min(size, TAIL_BYTES)
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length)
    return buffer.toString('utf8').trim().replace(/\s+/g, ' ')
  } finally {
    await handle.close()
  }
}

/**
 * Runs the command as a process of its own, like an attempt: in its own group, with files for its output,
 * ended with everything it started when its time is up or the attempt is stopped.
 * Null when it succeeds, else one sentence.
 */
export async function checkCommand(
  rule: Extract<ValidationRule, { type: 'command_succeeds' }>,
  where: {
    readonly folder: string
    readonly workspace: string
    readonly env: Readonly<Record<string, string>>
    readonly marker: string
    readonly variables: Record<string, unknown>
    readonly launcher: Launcher
    readonly clock: Clock
    readonly signal: AbortSignal
  },
): Promise<string | null> {
  await mkdir(where.folder, { recursive: true })
  const command = fillCommand(rule.command, where.variables)
  const cwd =
    rule.workingDirectory === null
      ? where.workspace
      : absolutePath(where.workspace, fillPath(rule.workingDirectory, where.variables))
  const identity = await where.launcher.launch({
    folder: where.folder,
    argv: ['bash', '-c', command],
    cwd,
    env: where.env,
    promptOnStdin: false,
  })

  const end = await new Promise<AttemptExit | 'timeout' | 'aborted'>((resolve) => {
    const stopWatching = where.launcher.watch(where.folder, identity, (exit) => finish(exit))
    const clearDeadline = where.clock.at(where.clock.now() + rule.timeoutSeconds * 1000, () => finish('timeout'))
    const abort = () => finish('aborted')
    where.signal.addEventListener('abort', abort, { once: true })
    if (where.signal.aborted) abort()
    function finish(how: AttemptExit | 'timeout' | 'aborted') {
      stopWatching()
      clearDeadline()
      where.signal.removeEventListener('abort', abort)
      resolve(how)
    }
  })
  if (end === 'timeout' || end === 'aborted') {
    await where.launcher.stop(identity, where.marker, STOP_GRACE_MS)
    return end === 'timeout' ? `\`${command}\` did not end within ${rule.timeoutSeconds} s` : `\`${command}\` was stopped`
  }
  if (end.kind === 'exited' && end.status === 0) return null
  const why = (await tail(join(where.folder, 'stderr'))) || (await tail(join(where.folder, 'stdout')))
  const status = end.kind === 'exited' ? `ended with status ${end.status}` : 'was killed'
  return `\`${command}\` ${status}${why ? `: ${why}` : ''}`
}
