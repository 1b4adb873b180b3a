import type { SheetState } from '../scheduling/state.ts'
import { expressionHolds } from '../score/expression.ts'
import type { PlannedSheet, Score } from '../score/score.ts'
import { usersEnvironment } from './environment.ts'
import { type ProcessParts, runOnce } from './run-once.ts'
import { fillCommand } from './validations/placeholders.ts'
import { placeOf } from './variables.ts'

interface SkipRequest extends ProcessParts {
  readonly planned: PlannedSheet
  readonly score: Score
  /** Of all sheets of the job, in order. */
  readonly sheets: readonly SheetState[]
  readonly environment: NodeJS.ProcessEnv
  /** A folder of the rule's own, for its command. */
  readonly folder: string
  readonly marker: string
}

/** True or false once its checks are known, else null. */
function checksPassed({ status, validation }: SheetState): boolean | null {
  if (validation !== null) return validation.passed === validation.total
  return status === 'completed' ? true : null
}

/** A sheet as expressions see it, in Marianne's words (§1.5). */
function sheetFacts(sheet: SheetState): Record<string, unknown> {
  return {
    sheet_num: sheet.number,
    status: sheet.status,
    validation_passed: checksPassed(sheet),
    attempt_count: sheet.attempts,
    normal_attempts: sheet.failures,
    completion_attempts: sheet.completions,
    execution_mode: sheet.mode,
    error_code: sheet.error?.code ?? null,
    error_message: sheet.error?.message ?? null,
    input_tokens: sheet.usage.inputTokens,
    output_tokens: sheet.usage.outputTokens,
    total_cost_usd: sheet.usage.costUsd,
  }
}

/** The job as expressions see it, in Marianne's words (§1.4). */
function jobFacts(score: Score, sheets: readonly SheetState[]): Record<string, unknown> {
  const sum = (of: (sheet: SheetState) => number) => sheets.reduce((total, sheet) => total + of(sheet), 0)
  const number = (status: SheetState['status']) => sheets.filter((sheet) => sheet.status === status).length
  return {
    job_name: score.name,
    workspace: score.workspace,
    total_sheets: sheets.length,
    completed_sheets: number('completed'),
    failed_sheets: number('failed'),
    skipped_sheets: number('skipped'),
    total_retry_count: sum(({ failures }) => failures),
    rate_limit_waits: sum(({ rateLimitWaits }) => rateLimitWaits),
    quota_waits: sum(({ quotaWaits }) => quotaWaits),
    total_input_tokens: sum(({ usage }) => usage.inputTokens),
    total_output_tokens: sum(({ usage }) => usage.outputTokens),
    total_estimated_cost: sum(({ usage }) => usage.costUsd ?? 0),
  }
}

/**
 * Why a rule of the score leaves the sheet out, as a sentence; null when it runs (Marianne §7.8). First the expression, then the
 * command, which leaves it out with status 0. A rule that cannot be worked out, does not start or takes too long lets the sheet run.
 */
export async function skipReason(given: SkipRequest): Promise<string | null> {
  const { skipWhen, skipWhenCommand } = given.planned
  if (skipWhen !== null && holds(skipWhen, given)) return `Left out: \`${skipWhen}\` holds.`
  if (skipWhenCommand === null || !(await succeeds(skipWhenCommand, given))) return null
  return `Left out: ${skipWhenCommand.description ?? `\`${skipWhenCommand.command}\` succeeded`}.`
}

function holds(expression: string, { score, sheets }: SkipRequest): boolean {
  try {
    const bySheet = Object.fromEntries(sheets.map((sheet) => [sheet.number, sheetFacts(sheet)]))
    return expressionHolds(expression, { sheets: bySheet, job: jobFacts(score, sheets) })
  } catch {
    return false
  }
}

async function succeeds(
  { command, timeout_seconds: seconds }: NonNullable<PlannedSheet['skipWhenCommand']>,
  { planned, score, sheets, environment, marker, ...parts }: SkipRequest,
): Promise<boolean> {
  const { workspace } = score
  try {
    const variables = { ...score.prompt.variables, ...placeOf(planned, sheets.length), workspace }
    const end = await runOnce({
      ...parts,
      marker,
      argv: ['bash', '-c', fillCommand(command, variables)],
      cwd: workspace,
      env: { ...usersEnvironment(environment), FERMATA_ATTEMPT: marker, FERMATA_WORKSPACE: workspace },
      timeoutMs: seconds * 1000,
    })
    return end.kind === 'exited' && end.status === 0
  } catch {
    return false
  }
}
