import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { tailOf } from '../../instruments/output-file.ts'
import type { AttemptExit, Clock, Launcher } from '../../ports.ts'
import type { ValidationRule } from '../../score/score.ts'
import { STOP_GRACE_MS } from '../stop-grace.ts'
import { absolutePath } from './files.ts'
import { fillCommand, fillPath } from './placeholders.ts'

const TAIL_BYTES = 400

/** The end of a check's output in one line, to say why it failed. */
const tail = async (file: string): Promise<string> => (await tailOf(file, TAIL_BYTES)).trim().replace(/\s+/g, ' ')

interface CheckSite {
  /** The check's own folder. */
  readonly folder: string
  readonly workspace: string
  readonly env: Readonly<Record<string, string>>
  readonly marker: string
  readonly variables: Record<string, unknown>
  readonly launcher: Launcher
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Makes room for the next run. One that a Fermata began which was killed may still go on: two would disturb each other. */
async function endEarlierRun({ folder, launcher, marker }: CheckSite): Promise<void> {
  if (!existsSync(folder)) return
  const earlier = await launcher.inspect(folder, marker, null)
  if (earlier.kind === 'alive') await launcher.stop(earlier.identity, marker, STOP_GRACE_MS)
  await rm(folder, { recursive: true, force: true })
}

/**
 * Runs the command as a process of its own, like an attempt: in its own group, with files for its output,
 * ended with everything it started when its time is up or the attempt is stopped.
 * Null when it succeeds, else one sentence.
 */
export async function checkCommand(
  rule: Extract<ValidationRule, { type: 'command_succeeds' }>,
  where: CheckSite,
): Promise<string | null> {
  await endEarlierRun(where)
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
