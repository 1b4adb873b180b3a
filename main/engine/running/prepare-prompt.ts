import { dirname } from 'node:path'
import type { InstrumentProfile } from '../instruments/profile.ts'
import type { Memory } from '../learning/memory.ts'
import { sheetKey } from '../learning/outcome.ts'
import type { JobRecord } from '../ports.ts'
import type { Redact } from '../redaction/redactor.ts'
import type { PlannedSheet } from '../score/score.ts'
import { buildPrompt } from './prompt.ts'
import { shareOutputs } from './sharing/cross-sheet.ts'
import { readInjections } from './sharing/injection.ts'
import { EMPTY_SHARED, type Shared, sheetVariables } from './variables.ts'

export interface PreparedPrompt {
  /** What is sent. */
  readonly prompt: string
  /** The rendered template alone. */
  readonly template: string
  /** What templates and placeholders may name. */
  readonly variables: Record<string, unknown>
}

/** Ways in which the sheet failed before that its prompt names (Marianne §7.12). */
const FAILURES_TOLD = 5

/** Where a prompt's parts come from. */
export interface PromptSources {
  /** What an instrument answered on a completed sheet of the job; null when there is nothing. */
  answerOf(sheet: number): Promise<string | null>
  /** Keeps the secrets of a sheet out of another one's prompt. */
  readonly redact: Redact
  /** How the sheet failed before, where its score wants to know. */
  readonly memory: Pick<Memory, 'pastFailures'>
}

/** @throws RangeError when the plan has no such sheet */
export function plannedSheet(job: Pick<JobRecord, 'plan' | 'state'>, number: number): PlannedSheet {
  const sheet = job.plan.sheets[number - 1]
  if (!sheet) throw new RangeError(`Job ${job.state.id} has no sheet ${number}`)
  return sheet
}

/** What a sheet is given of files and of the sheets before it (Marianne §7.12). */
async function gather(
  job: JobRecord,
  sheet: PlannedSheet,
  instrument: string,
  { answerOf, redact }: PromptSources,
): Promise<Shared> {
  const { score, plan, state, scorePath } = job
  const given = { score, plan, sheet, instrument }
  const { context, skills, tools } =
    sheet.injections.length > 0
      ? await readInjections(sheet.injections, score.workspace, dirname(scorePath), sheetVariables(given))
      : EMPTY_SHARED
  if (score.cross_sheet === null) return { ...EMPTY_SHARED, context, skills, tools }
  const shared = await shareOutputs({
    score,
    plan,
    sheet,
    statuses: (number) => state.sheets[number - 1]?.status ?? 'pending',
    stdoutOf: answerOf,
    redact,
  })
  return { ...shared, context, skills, tools }
}

/**
 * The prompt of a sheet as it would be sent now.
 *
 * @throws TemplateError when the template names something that does not exist
 */
export async function preparePrompt(
  job: JobRecord,
  sheet: PlannedSheet,
  { name, raw_prompt }: Pick<InstrumentProfile, 'name' | 'raw_prompt'>,
  sources: PromptSources,
): Promise<PreparedPrompt> {
  const { score, plan, state } = job
  const sheetState = state.sheets[sheet.number - 1]
  if (!sheetState) throw new RangeError(`Job ${state.id} has no sheet ${sheet.number}`)
  const shared = await gather(job, sheet, name, sources)
  const pastFailures = score.learning?.past_failures
    ? sources.memory.pastFailures({ score: score.name, sheet: sheetKey(sheet) }, FAILURES_TOLD)
    : []
  const given = { score, plan, sheet, state: sheetState, instrument: name, raw: raw_prompt, shared, pastFailures }
  const built = buildPrompt(given)
  return { ...built, variables: sheetVariables({ score, plan, sheet, instrument: name, shared }) }
}
