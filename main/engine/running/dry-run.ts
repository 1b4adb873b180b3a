import { join } from 'node:path'
import type { Diagnostic } from '../errors.ts'
import { type Catalogue, loadCatalogue } from '../instruments/catalogue.ts'
import type { InstrumentProfile } from '../instruments/profile.ts'
import { estimateTokens } from '../limits/tokens.ts'
import type { JobRecord } from '../ports.ts'
import { newJob, policyOf } from '../scheduling/new-job.ts'
import { planScore } from '../score/plan.ts'
import { preparePrompt } from './prepare-prompt.ts'
import { remarksFor } from './remarks.ts'
import { type LoadedScore, loadScore } from './submission.ts'

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
}

/** Lays out what a score would do (Marianne: dry run). Nothing is run or written. */
export async function dryRun(scorePath: string, loaded: LoadedScore, catalogue: Catalogue): Promise<DryRun> {
  const { score } = loaded
  const notes = [...loaded.notes, ...remarksFor(loaded, scorePath, catalogue)]
  const plan = planScore(score)
  const state = newJob('dry-run', plan, policyOf(score), 0)
  const job: JobRecord = { state, score, plan, notes, scorePath, chainDepth: 0, follows: null }
  const faults: Diagnostic[] = []
  const sheets: DrySheet[] = []
  for (const sheet of plan.sheets) {
    const { number, movement, voice, voices, description, dependsOn, choices } = sheet
    const [{ instrument, config }] = choices
    const built = await preparePrompt(job, sheet, profileOr(catalogue, instrument), async () => null).catch((error: unknown) => {
      const message = `The prompt of sheet ${number} cannot be rendered: ${error instanceof Error ? error.message : String(error)}`
      if (faults.length < 20) faults.push({ code: 'V101', severity: 'warning', message, remedy: null, line: 1, column: 1 })
      return { prompt: '', template: '' }
    })
    const { prompt, template } = built
    const estimatedTokens = estimateTokens(prompt)
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
  return { score: score.name, workspace: score.workspace, diagnostics: [...notes, ...faults], sheets }
}

export interface DryRunPlace {
  /** Absolute path of the bundled `assets` folder. */
  readonly assetsDir: string
  /** Absolute path; the user's own instruments are read from it. Nothing else is, and it need not exist. */
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
  return dryRun(scorePath, loaded, await loadCatalogue([join(assetsDir, 'instruments'), join(dataDir, 'instruments')]))
}

/** A score may name an instrument this computer does not have. */
function profileOr(catalogue: Catalogue, name: string): Pick<InstrumentProfile, 'name' | 'raw_prompt'> {
  try {
    return catalogue.get(name)
  } catch {
    return { name, raw_prompt: false }
  }
}
