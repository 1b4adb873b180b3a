import { homedir } from 'node:os'
import { dirname, resolve } from 'node:path'
import { FermataError } from '../../errors.ts'
import type { JobRecord } from '../../ports.ts'
import type { Redact } from '../../redaction/redactor.ts'
import { resolveScorePath } from '../../score/paths.ts'
import type { HookRule } from '../../score/score.ts'
import { usersEnvironment } from '../environment.ts'
import { outputTail, type ProcessParts, runOnce } from '../run-once.ts'
import { fillCommand } from '../validations/placeholders.ts'
import { refusal } from './guard.ts'
import { nextScore } from './next-score.ts'
import { hookFolder, hookMarker } from './runs.ts'
import { splitWords } from './words.ts'

/** How a hook went. */
export interface HookResult {
  readonly type: HookRule['type']
  readonly description: string | null
  readonly success: boolean
  /** Null where nothing ran, or it did not come to its end. */
  readonly exitCode: number | null
  /** The end of what it printed, without secrets; for `run_job` what was submitted. */
  readonly output: string
  /** One sentence; null when it succeeded. */
  readonly error: string | null
}

/** A job that follows this one. */
export interface FollowingJob {
  /** Absolute. */
  readonly scorePath: string
  /** Absolute; null is the score's own. */
  readonly workspace: string | null
  readonly fresh: boolean
  readonly depth: number
  /** The place of the hook among the job's hooks, from 0. */
  readonly hook: number
  /** It is paused until its user lets it start (Marianne: pause_before_chain). */
  readonly hold: boolean
}

export interface HooksRequest extends ProcessParts {
  readonly job: JobRecord
  /** Sheets that the job completed. */
  readonly completedNow: number
  /** Jobs before this one in its chain. */
  readonly depth: number
  readonly environment: NodeJS.ProcessEnv
  /** Keeps secrets out of what is told of the hooks. */
  readonly redact: Redact
  /** The folder of this run of the hooks: what was begun in it before is gone on with, what has ended in it is not done again. */
  readonly folder: string
  /** Answers with the id of the job. */
  submit(request: FollowingJob): Promise<string>
  wait(ms: number): Promise<void>
  /** Places of hooks that have succeeded before: they are not done again. */
  readonly done?: ReadonlySet<number>
  /** A hook has succeeded. */
  onDone?(hook: number): void
  /** When aborted nothing more begins, and what runs is ended, or let go of as {@link runOnce} says. */
  readonly signal?: AbortSignal
}

type Ending = Pick<HookResult, 'success' | 'exitCode' | 'output' | 'error'>

const OUTPUT_CHARACTERS = 2000

const failed = (error: string, rest: Partial<Ending> = {}): Ending => ({
  success: false,
  exitCode: null,
  output: '',
  error,
  ...rest,
})

type Names = Readonly<Record<'workspace' | 'job_id' | 'sheet_count', string>>

const namesOf = ({ job }: HooksRequest): Names => ({
  workspace: job.score.workspace,
  job_id: job.state.id,
  sheet_count: String(job.state.sheets.length),
})

/** Other braces are the command's own. */
const fill = (text: string, names: Names): string =>
  text.replace(/\{(workspace|job_id|sheet_count)\}/g, (_, name: keyof Names) => names[name])

/**
 * What follows a job that has succeeded (Marianne §7.9): its `on_success` hooks, one after the other. Nothing follows a run that
 * completed no sheet, so that a score which submits itself comes to an end. A hook that fails ends the row where the score says
 * so. Never rejects.
 */
export async function runHooks(given: HooksRequest): Promise<readonly HookResult[]> {
  const results: HookResult[] = []
  if (given.completedNow < 1) return results
  const { on_success: hooks, concert } = given.job.score
  for (const [index, hook] of hooks.entries()) {
    if (given.signal?.aborted) break
    if (given.done?.has(index)) continue
    const ending = await runHook(hook, index, given).catch((error: unknown) => failed(given.redact(sentenceOf(error))))
    results.push({ type: hook.type, description: hook.description, ...ending })
    if (ending.success) given.onDone?.(index)
    if (!ending.success && (hook.on_failure === 'abort' || concert.abort_concert_on_hook_failure)) break
  }
  return results
}

function sentenceOf(error: unknown): string {
  if (error instanceof FermataError && error.remedy) return `${error.message} ${error.remedy}`
  return error instanceof Error ? error.message : String(error)
}

function runHook(hook: HookRule, index: number, given: HooksRequest): Promise<Ending> {
  return hook.type === 'run_job' ? submitJob(hook, index, given) : runCommand(hook, index, given)
}

async function submitJob(hook: Extract<HookRule, { type: 'run_job' }>, index: number, given: HooksRequest): Promise<Ending> {
  const { job, depth, submit, wait, signal } = given
  const { concert, workspace } = job.score
  const names = namesOf(given)
  const beside = (path: string) => resolveScorePath(fill(path, names), { directory: dirname(job.scorePath), home: homedir() })
  const scorePath = nextScore(fill(hook.job_path, names), job.scorePath)
  if (scorePath === null) return failed(`There is no score ${beside(hook.job_path)}.`)
  if (depth >= concert.max_chain_depth) {
    return failed(
      `The chain ends here: ${depth} jobs came before this one. \`concert.max_chain_depth\` allows ${concert.max_chain_depth}.`,
    )
  }
  if (concert.enabled) await wait(concert.cooldown_between_jobs_seconds * 1000)
  if (signal?.aborted) return failed('Stopped before the next job was submitted.')
  const inherited = concert.enabled && concert.inherit_workspace ? workspace : null
  const id = await submit({
    scorePath,
    workspace: hook.job_workspace === null ? inherited : beside(hook.job_workspace),
    fresh: hook.fresh,
    depth: depth + 1,
    hook: index,
    hold: hook.pause_before_chain,
  })
  return { success: true, exitCode: null, output: `Submitted as ${id}.`, error: null }
}

async function runCommand(
  hook: Extract<HookRule, { type: 'run_command' | 'run_script' }>,
  index: number,
  given: HooksRequest,
): Promise<Ending> {
  const { job, environment, launcher, clock, capOutput, signal } = given
  const { workspace } = job.score
  const names = namesOf(given)
  const shown = hook.type === 'run_command' ? fillCommand(hook.command, names) : fill(hook.command, names)
  const refused = refusal(shown)
  if (refused !== null) return failed(`\`${shown.slice(0, 200)}\` ${refused} and was not run.`)
  const argv: [string, ...string[]] = hook.type === 'run_command' ? ['bash', '-c', shown] : fillWords(hook.command, names)
  const folder = hookFolder(given.folder, index)
  const marker = hookMarker(job.state.id, folder)
  const end = await runOnce({
    folder,
    argv,
    cwd: resolve(workspace, fill(hook.working_directory ?? '.', names)),
    env: {
      ...usersEnvironment(environment),
      FERMATA_ATTEMPT: marker,
      FERMATA_JOB: job.state.id,
      FERMATA_WORKSPACE: workspace,
    },
    marker,
    launcher,
    clock,
    capOutput,
    timeoutMs: hook.timeout_seconds * 1000,
    signal,
    adopt: true,
  })
  const output = await printedIn(folder, given.redact)
  if (end.kind === 'timeout') return failed(`It did not end within ${hook.timeout_seconds} s and was stopped.`, { output })
  if (end.kind === 'aborted') return failed('It was stopped.', { output })
  if (end.kind === 'lost') return failed('It was killed from outside.', { output })
  if (end.status === 0) return { success: true, exitCode: 0, output, error: null }
  return failed(`It ended with status ${end.status}.`, { exitCode: end.status, output })
}

/** Values are filled in after the words were found: one with a space in it stays one word. */
function fillWords(command: string, names: Names): [string, ...string[]] {
  const [program, ...rest] = splitWords(command)
  return [fill(program, names), ...rest.map((word) => fill(word, names))]
}

/** Standard output, then what was printed as errors. */
async function printedIn(folder: string, redact: Redact): Promise<string> {
  const [stdout, stderr] = await Promise.all([
    outputTail(folder, 'stdout', OUTPUT_CHARACTERS, redact),
    outputTail(folder, 'stderr', OUTPUT_CHARACTERS, redact),
  ])
  return `${stdout}${stdout !== '' && stderr !== '' && !stdout.endsWith('\n') ? '\n' : ''}${stderr}`.slice(-OUTPUT_CHARACTERS)
}
