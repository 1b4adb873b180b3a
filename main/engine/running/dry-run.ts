import { join } from 'node:path'
import { type Diagnostic, ScoreError } from '../errors.ts'
import { type Catalogue, loadCatalogue } from '../instruments/catalogue.ts'
import type { InstrumentProfile } from '../instruments/profile.ts'
import { forecastJob, type JobForecast } from '../learning/job-forecast.ts'
import type { Memory } from '../learning/memory.ts'
import { withMemory } from '../learning/read-memory.ts'
import type { JobRecord } from '../ports.ts'
import { createRedactor, type Redact } from '../redaction/redactor.ts'
import { newJob, policyOf } from '../scheduling/new-job.ts'
import { planScore } from '../score/plan.ts'
import { countTokens } from '../tokens/count-tokens.ts'
import { systemClock } from './clock.ts'
import { preparePrompt } from './prepare-prompt.ts'
import { type PromptFailure, promptFaults } from './prompt-faults.ts'
import { remarksFor } from './remarks.ts'
import { type LoadedScore, loadScore } from './submission.ts'
import { workspaceFault } from './workspace-fault.ts'

/** What a sheet would do. */
export interface DrySheet {
  readonly number: number
  readonly movement: number
  readonly voice: number
  readonly voices: number
  readonly description: string | null
  readonly dependsOn: readonly number[]
  readonly instrument: string
  readonly model: string | null
  /** The rendered template alone. */
  readonly template: string
  /** What would be sent, as far as it can be known before the sheets before it have run. */
  readonly prompt: string
  readonly estimatedTokens: number
}

export interface DryRun {
  readonly score: string
  readonly workspace: string
  readonly diagnostics: readonly Diagnostic[]
  readonly sheets: readonly DrySheet[]
  /** What all of it may take, from how its sheets went before. */
  readonly forecast: JobForecast
}

export interface DryRunParts {
  readonly catalogue: Catalogue
  readonly redact: Redact
  readonly memory: Memory
}

/**
 * Lays out what a score would do (Marianne: dry run). Nothing is run or written.
 * @throws ScoreError when the workspace is one that no job could use
 */
export async function dryRun(
  scorePath: string,
  loaded: LoadedScore,
  { catalogue, redact, memory }: DryRunParts,
): Promise<DryRun> {
  const { score } = loaded
  const notes = [...loaded.notes, ...remarksFor(loaded, scorePath, catalogue)]
  const fault = workspaceFault(loaded)
  if (fault) throw new ScoreError(scorePath, [...notes, fault])
  const plan = planScore(score)
  const state = newJob('dry-run', plan, policyOf(score), 0)
  const job: JobRecord = { state, score, plan, notes, scorePath, chainDepth: 0, follows: null }
  const failures: PromptFailure[] = []
  const sheets: DrySheet[] = []
  for (const sheet of plan.sheets) {
    const { number, movement, voice, voices, description, dependsOn, choices } = sheet
    const [{ instrument, config }] = choices
    const profile = profileOr(catalogue, instrument)
    const { prompt, template } = await preparePrompt(job, sheet, profile, { answerOf: async () => null, redact, memory }).catch(
      (error: unknown) => {
        failures.push({ sheet: number, error })
        return { prompt: '', template: '' }
      },
    )
    const estimatedTokens = await countTokens(prompt)
    sheets.push({
      number,
      movement,
      voice,
      voices,
      description,
      dependsOn,
      instrument,
      model: config.model,
      template,
      prompt,
      estimatedTokens,
    })
  }
  const faults = failures.length > 0 ? promptFaults(failures, loaded) : []
  const forecast = forecastJob(job, [], memory, systemClock)
  return { score: score.name, workspace: score.workspace, diagnostics: [...notes, ...faults], sheets, forecast }
}

export interface DryRunPlace {
  /** Absolute path of the bundled `assets` folder. */
  readonly assetsDir: string
  /** Absolute path; the user's own instruments and what was learned are read from it. It need not exist. */
  readonly dataDir: string
  /** Instead of the score's own workspace. */
  readonly workspace?: string
}

/**
 * What a score would do, without an engine: also while another Fermata runs.
 * @throws ScoreError with every finding; JobSubmissionError when a file cannot be read
 */
export async function dryRunScore(scorePath: string, { assetsDir, dataDir, workspace }: DryRunPlace): Promise<DryRun> {
  const loaded = await loadScore(scorePath, workspace)
  const catalogue = await loadCatalogue([join(assetsDir, 'instruments'), join(dataDir, 'instruments')])
  const { redact } = createRedactor(process.env)
  return withMemory(dataDir, (memory) => dryRun(scorePath, loaded, { catalogue, redact, memory }))
}

/** A score may name an instrument this computer does not have. */
function profileOr(catalogue: Catalogue, name: string): Pick<InstrumentProfile, 'name' | 'raw_prompt'> {
  try {
    return catalogue.get(name)
  } catch {
    return { name, raw_prompt: false }
  }
}
