import type { Redact } from '../../redaction/redactor.ts'
import type { ValidationRule } from '../../score/score.ts'
import { type OnceRequest, outputTail, type ProcessParts, runOnce } from '../run-once.ts'
import { absolutePath } from './files.ts'
import { fillCommand, fillPath } from './placeholders.ts'

/** Marianne §7.7. */
const DEFAULT_TIMEOUT_SECONDS = 3600
const TAIL_CHARACTERS = 160

interface CheckSite extends Pick<OnceRequest, 'env' | 'marker' | 'signal' | 'onLeft' | keyof ProcessParts> {
  /** The check's own folder. */
  readonly folder: string
  readonly workspace: string
  readonly variables: Record<string, unknown>
  readonly redact: Redact
}

/** The end of a check's output in one line, to say why it failed. */
async function why(folder: string, redact: Redact): Promise<string> {
  const inOneLine = async (stream: 'stdout' | 'stderr') =>
    (await outputTail(folder, stream, TAIL_CHARACTERS, redact)).trim().replace(/\s+/g, ' ')
  return (await inOneLine('stderr')) || (await inOneLine('stdout'))
}

/** Runs the command. Null when it succeeds, else one sentence, which begins with the command. */
export async function checkCommand(
  rule: Extract<ValidationRule, { type: 'command_succeeds' }>,
  { workspace, variables, redact, ...where }: CheckSite,
): Promise<string | null> {
  const command = fillCommand(rule.command, variables)
  const seconds = rule.timeout_seconds ?? DEFAULT_TIMEOUT_SECONDS
  const end = await runOnce({
    ...where,
    argv: ['bash', '-c', command],
    cwd: rule.working_directory === null ? workspace : absolutePath(workspace, fillPath(rule.working_directory, variables)),
    timeoutMs: seconds * 1000,
  })
  if (end.kind === 'timeout') return `\`${command}\` did not end within ${seconds} s`
  if (end.kind === 'aborted') return `\`${command}\` was stopped`
  if (end.kind === 'exited' && end.status === 0) return null
  const reason = await why(where.folder, redact)
  const status = end.kind === 'exited' ? `ended with status ${end.status}` : 'was killed'
  return `\`${command}\` ${status}${reason ? `: ${reason}` : ''}`
}
