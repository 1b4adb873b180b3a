import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildCommand } from '../instruments/command.ts'
import type { InstrumentProfile } from '../instruments/profile.ts'
import type { AttemptRecord, JobRecord, LaunchRequest } from '../ports.ts'
import { planScore } from '../score/plan.ts'
import type { PlannedSheet } from '../score/score.ts'
import { attemptEnvironment } from './environment.ts'
import { buildPrompt } from './prompt.ts'
import { type Baseline, takeBaseline } from './validations/files.ts'
import { sheetVariables } from './variables.ts'

const BASELINE_FILE = 'baseline.json'

/** Where an attempt keeps its prompt, output, pid and exit status. */
export const attemptFolder = (dataDir: string, jobId: string, sheet: number, attempt: number): string =>
  join(dataDir, 'attempts', jobId, `${sheet}-${attempt}`)

export function plannedSheet(job: JobRecord, number: number): PlannedSheet {
  const sheet = planScore(job.score).sheets.find((planned) => planned.number === number)
  if (!sheet) throw new RangeError(`Job ${job.state.id} has no sheet ${number}`)
  return sheet
}

export const variablesOf = (job: JobRecord, sheet: number): Record<string, unknown> =>
  sheetVariables(job.score, plannedSheet(job, sheet), job.state.sheets.length)

/**
 * Lays out everything an attempt needs on disk before its process starts. The baseline is written down, since whoever
 * checks the work may be a later Fermata.
 *
 * @throws TemplateError when the prompt cannot be rendered; file-system errors as they come
 */
export async function prepareAttempt(
  job: JobRecord,
  attempt: AttemptRecord,
  profile: InstrumentProfile,
  surroundings: { readonly assetsDir: string; readonly environment: NodeJS.ProcessEnv },
): Promise<LaunchRequest> {
  const { score } = job
  await mkdir(score.workspace, { recursive: true })
  await mkdir(attempt.folder, { recursive: true, mode: 0o700 })
  const sheet = job.state.sheets.find(({ number }) => number === attempt.sheet)
  const prompt = buildPrompt(score, plannedSheet(job, attempt.sheet), {
    totalSheets: job.state.sheets.length,
    failures: sheet?.failures ?? 0,
    lastError: sheet?.error?.message ?? null,
    raw: profile.raw_prompt,
  })
  const baseline = await takeBaseline(score.validations, score.workspace, variablesOf(job, attempt.sheet))
  await writeFile(join(attempt.folder, BASELINE_FILE), JSON.stringify(baseline))
  await writeFile(join(attempt.folder, 'prompt'), prompt, { mode: 0o600 })
  const command = buildCommand(profile, {
    promptText: prompt,
    assetsDir: surroundings.assetsDir,
    environment: surroundings.environment,
  })
  return {
    folder: attempt.folder,
    argv: command.argv,
    cwd: score.workspace,
    env: { ...attemptEnvironment(surroundings.environment, attempt, score.workspace), ...command.env },
    promptOnStdin: command.promptOnStdin,
  }
}

/** The baseline of an attempt, maybe of one begun by an earlier Fermata. */
export async function readBaseline(folder: string): Promise<Baseline> {
  const parsed: unknown = JSON.parse(await readFile(join(folder, BASELINE_FILE), 'utf8'))
  if (typeof parsed !== 'object' || parsed === null) throw new TypeError(`${folder} holds no baseline`)
  return Object.fromEntries(Object.entries(parsed).filter((entry): entry is [string, number] => typeof entry[1] === 'number'))
}
