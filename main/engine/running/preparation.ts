import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buildCommand, visibleEnvironment } from '../instruments/command.ts'
import { timeoutOf } from '../instruments/config.ts'
import type { InstrumentProfile } from '../instruments/profile.ts'
import { checkPromptSize, type TokenThresholds } from '../limits/tokens.ts'
import { makeFolder } from '../make-folder.ts'
import type { AttemptRecord, JobRecord, LaunchRequest } from '../ports.ts'
import type { InstrumentChoice } from '../score/score.ts'
import { attemptEnvironment } from './environment.ts'
import { type PromptSources, plannedSheet, preparePrompt } from './prepare-prompt.ts'
import { type Baseline, takeBaseline } from './validations/files.ts'
import type { Workplace } from './workspace/workplaces.ts'

const BASELINE_FILE = 'baseline.json'
/** Holds the value of FERMATA_ATTEMPT. */
export const MARKER_FILE = 'marker'

/** Where an attempt keeps its prompt, output, pid and exit status. */
export const attemptFolder = (dataDir: string, jobId: string, sheet: number, attempt: number): string =>
  join(dataDir, 'attempts', jobId, `${sheet}-${attempt}`)

/** What the attempt is played on. */
export function choiceOf(job: JobRecord, attempt: Pick<AttemptRecord, 'sheet' | 'choice'>): InstrumentChoice {
  const { choices } = plannedSheet(job, attempt.sheet)
  return choices[attempt.choice] ?? choices[0]
}

export interface PreparationParts extends PromptSources {
  readonly assetsDir: string
  readonly environment: NodeJS.ProcessEnv
  readonly tokenThresholds: TokenThresholds
  /** Where the job's attempts are at home. */
  place(): Promise<Workplace>
}

/** The job as its attempts know it: their workspace may be a worktree. */
export const workingIn = (job: JobRecord, workspace: string): JobRecord =>
  workspace === job.score.workspace ? job : { ...job, score: { ...job.score, workspace } }

/** What is ready to be started. */
export interface PreparedAttempt {
  readonly request: LaunchRequest
  /** What its user should know of the prompt; null when there is nothing. */
  readonly warning: string | null
}

/**
 * Lays out everything an attempt needs on disk before its process starts. The baseline is written down, since whoever
 * checks the work may be a later Fermata.
 *
 * @throws FermataError PREFLIGHT_TOKENS when the prompt is too large
 * @throws TemplateError when the prompt cannot be rendered; file-system errors as they come
 */
export async function prepareAttempt(
  submitted: JobRecord,
  attempt: AttemptRecord,
  profile: InstrumentProfile,
  { assetsDir, environment, tokenThresholds, place, ...sources }: PreparationParts,
): Promise<PreparedAttempt> {
  makeFolder(submitted.score.workspace)
  const { workspace, cwd } = await place()
  const job = workingIn(submitted, workspace)
  const { score } = job
  makeFolder(attempt.folder, 0o700)
  // Whoever finds the folder and knows nothing of it can still find its processes.
  await writeFile(join(attempt.folder, MARKER_FILE), `${attempt.marker}\n`, { mode: 0o600 })
  const { prompt, variables } = await preparePrompt(job, plannedSheet(job, attempt.sheet), profile, sources)
  const warning = await checkPromptSize(prompt, tokenThresholds)
  const baseline = (await earlierBaseline(job, attempt)) ?? (await takeBaseline(score.validations, score.workspace, variables))
  await writeFile(join(attempt.folder, BASELINE_FILE), JSON.stringify(baseline))
  await writeFile(join(attempt.folder, 'prompt'), prompt, { mode: 0o600 })
  const { config } = choiceOf(job, attempt)
  const command = buildCommand(profile, {
    promptText: prompt,
    assetsDir,
    environment,
    config,
    workingDir: cwd,
    timeoutSeconds: timeoutOf(profile, config),
  })
  const request: LaunchRequest = {
    folder: attempt.folder,
    argv: command.argv,
    cwd,
    env: { ...attemptEnvironment(visibleEnvironment(profile, environment), attempt, score.workspace), ...command.env },
    promptOnStdin: command.promptOnStdin,
  }
  return { request, warning }
}

/** What is mended or tried again counts from before the first try (Marianne §7.2: one snapshot, outside the retry loop). */
async function earlierBaseline({ state }: JobRecord, { sheet, number, folder }: AttemptRecord): Promise<Baseline | null> {
  const { failures = 0, completions = 0 } = state.sheets[sheet - 1] ?? {}
  if (failures + completions === 0) return null
  return readBaseline(join(dirname(folder), `${sheet}-${number - 1}`)).catch(() => null)
}

/** The baseline of an attempt, maybe of one begun by an earlier Fermata. */
export async function readBaseline(folder: string): Promise<Baseline> {
  const parsed: unknown = JSON.parse(await readFile(join(folder, BASELINE_FILE), 'utf8'))
  if (typeof parsed !== 'object' || parsed === null) throw new TypeError(`${folder} holds no baseline`)
  return Object.fromEntries(Object.entries(parsed).filter((entry): entry is [string, number] => typeof entry[1] === 'number'))
}
