import type { ProcessIdentity } from '../ports.ts'
import type { SheetState } from '../scheduling/state.ts'
import { expressionHolds } from '../score/expression.ts'
import type { PlannedSheet, Score } from '../score/score.ts'
import type { JOB_FACTS, SHEET_FACTS } from '../score/skip-facts.ts'
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
  /** With what its program ended last; null while there is none. */
  exitStatusOf(sheet: number): number | null
  /** Aborted when nobody wants to know any more. */
  readonly signal?: AbortSignal
  /** Told what its command left running and could not be ended. */
  onLeft(survivors: readonly ProcessIdentity[]): void
}

/** What the skip rules of a sheet came to; both are sentences. */
export interface SkipAnswer {
  /** Why the sheet is left out; null when it runs. */
  readonly skip: string | null
  /** Why a rule could not be answered, which lets the sheet run; null when all could. */
  readonly problem: string | null
}

/** True or false once its checks are known, else null. */
function checksPassed({ status, validation }: SheetState): boolean | null {
  if (validation !== null) return validation.passed === validation.total
  return status === 'completed' ? true : null
}

/** Share of its checks that hold, 0–100, once they are known. */
function passPercentage({ validation }: SheetState): number | null {
  if (validation === null) return null
  return validation.total === 0 ? 100 : (validation.passed / validation.total) * 100
}

/** A sheet as expressions see it. */
function sheetFacts(sheet: SheetState, exitCode: number | null): Record<(typeof SHEET_FACTS)[number], unknown> {
  return {
    sheet_num: sheet.number,
    status: sheet.status,
    validation_passed: checksPassed(sheet),
    last_pass_percentage: passPercentage(sheet),
    attempt_count: sheet.attempts,
    normal_attempts: sheet.failures,
    completion_attempts: sheet.completions,
    execution_mode: sheet.mode,
    exit_code: exitCode,
    error_code: sheet.error?.code ?? null,
    error_message: sheet.error?.message ?? null,
    input_tokens: sheet.usage.inputTokens,
    output_tokens: sheet.usage.outputTokens,
    total_cost_usd: sheet.usage.costUsd,
  }
}

/** The job as expressions see it. */
function jobFacts(
  score: Score,
  sheets: readonly SheetState[],
  facts: Readonly<Record<number, object>>,
): Record<(typeof JOB_FACTS)[number], unknown> {
  const sum = (of: (sheet: SheetState) => number) => sheets.reduce((total, sheet) => total + of(sheet), 0)
  const number = (status: SheetState['status']) => sheets.filter((sheet) => sheet.status === status).length
  return {
    name: score.name,
    job_name: score.name,
    // Rules are only asked while sheets start.
    status: 'running',
    workspace: score.workspace,
    sheets: facts,
    total_sheets: sheets.length,
    last_completed_sheet: sheets.findLast(({ status }) => status === 'completed')?.number ?? 0,
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
 * Asks the rules that may leave the sheet out (Marianne §7.8): first the expression, then the command, which leaves it out with
 * status 0. A rule that cannot be worked out, does not start or takes too long lets the sheet run.
 */
export async function skipReason(given: SkipRequest): Promise<SkipAnswer> {
  const { skipWhen, skipWhenCommand } = given.planned
  const problems: string[] = []
  const asked = async (holds: () => boolean | Promise<boolean>) => {
    try {
      return await holds()
    } catch (error) {
      problems.push(reasonOf(error))
      return false
    }
  }
  const answer = (skip: string | null): SkipAnswer => ({ skip, problem: problems.length > 0 ? problems.join(' ') : null })
  if (skipWhen !== null && (await asked(() => holds(skipWhen, given)))) return answer(`Left out: \`${skipWhen}\` holds.`)
  if (skipWhenCommand === null || !(await asked(() => succeeds(skipWhenCommand, given)))) return answer(null)
  return answer(`Left out: ${skipWhenCommand.description ?? `\`${skipWhenCommand.command}\` succeeded`}.`)
}

/** @throws Error with a sentence when it cannot be worked out */
function holds(expression: string, { score, sheets, exitStatusOf }: SkipRequest): boolean {
  // Looked up only where they are asked for.
  const exitCodeOf = (sheet: number) => (expression.includes('exit_code') ? exitStatusOf(sheet) : null)
  const facts = Object.fromEntries(sheets.map((sheet) => [sheet.number, sheetFacts(sheet, exitCodeOf(sheet.number))]))
  try {
    return expressionHolds(expression, { sheets: facts, job: jobFacts(score, sheets, facts) })
  } catch (error) {
    throw new Error(`\`${expression}\` could not be worked out, so the sheet was not left out: ${reasonOf(error)}`)
  }
}

/** @throws Error with a sentence when the command does not start or takes too long */
async function succeeds(
  { command, timeout_seconds: seconds }: NonNullable<PlannedSheet['skipWhenCommand']>,
  { planned, score, sheets, environment, marker, exitStatusOf: _, ...parts }: SkipRequest,
): Promise<boolean> {
  const { workspace } = score
  const unanswered = (why: string) => new Error(`\`${command}\` ${why}, so the sheet was not left out.`)
  const variables = { ...score.prompt.variables, ...placeOf(planned, sheets.length), workspace }
  const end = await runOnce({
    ...parts,
    marker,
    argv: ['bash', '-c', fillCommand(command, variables)],
    cwd: workspace,
    env: { ...usersEnvironment(environment), FERMATA_ATTEMPT: marker, FERMATA_WORKSPACE: workspace },
    timeoutMs: seconds * 1000,
  }).catch((error: unknown) => {
    throw unanswered(`could not be started (${reasonOf(error)})`)
  })
  if (end.kind === 'timeout') throw unanswered(`took longer than ${seconds} s`)
  return end.kind === 'exited' && end.status === 0
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
