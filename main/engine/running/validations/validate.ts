import { setTimeout as delay } from 'node:timers/promises'
import { FermataError } from '../../errors.ts'
import type { ProcessIdentity } from '../../ports.ts'
import type { Redact } from '../../redaction/redactor.ts'
import type { ValidationSummary } from '../../scheduling/state.ts'
import type { ValidationRule } from '../../score/score.ts'
import type { ProcessParts } from '../run-once.ts'
import { rulesFor } from './applies.ts'
import { checkIn, checkName } from './check-places.ts'
import { checkCommand } from './command.ts'
import { type Baseline, checkFile } from './files.ts'

export interface ValidationContext extends ProcessParts {
  /** The attempt's folder; commands get folders of their own inside it. */
  readonly folder: string
  readonly workspace: string
  readonly variables: Record<string, unknown>
  readonly baseline: Baseline
  readonly env: Readonly<Record<string, string>>
  /** The attempt's marker; commands get markers of their own, made from it. */
  readonly marker: string
  /** Aborted when the attempt is stopped. */
  readonly signal: AbortSignal
  /** Keeps secrets out of what commands print. */
  readonly redact: Redact
  /** Told what a command left running and could not be ended. */
  onLeft(survivors: readonly ProcessIdentity[]): void
}

/** Marianne §6.5. */
const CODES: Record<ValidationRule['type'], string> = {
  file_exists: 'E201',
  file_modified: 'E201',
  content_contains: 'E202',
  content_regex: 'E202',
  command_succeeds: 'E203',
}

async function checkOnce(rule: ValidationRule, index: number, context: ValidationContext): Promise<string | null> {
  try {
    if (rule.type !== 'command_succeeds') return await checkFile(rule, context)
    const place = checkIn(context, checkName(index))
    return await checkCommand(rule, { ...context, ...place, env: { ...context.env, FERMATA_ATTEMPT: place.marker } })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const remedy = error instanceof FermataError && error.remedy ? ` ${error.remedy}` : ''
    return `could not be checked: ${message}${remedy}`
  }
}

/** Tries again until it holds (Marianne: `retry_count` times, `retry_delay_ms` apart): files may appear a moment late. */
async function check(rule: ValidationRule, index: number, context: ValidationContext): Promise<string | null> {
  for (let retry = 0; ; retry++) {
    const failure = await checkOnce(rule, index, context)
    if (failure === null || retry >= rule.retry_count || context.signal.aborted) return failure
    await delay(rule.retry_delay_ms, undefined, { signal: context.signal }).catch(() => {})
    if (context.signal.aborted) return failure
  }
}

/**
 * Checks the rules that apply to the sheet, stage by stage (Marianne §7.7): all rules of a stage, whether or not an earlier one
 * failed, and those of later stages only when all of it holds. `code` is that of the first failure.
 */
export async function validate(
  rules: readonly ValidationRule[],
  context: ValidationContext,
): Promise<{ readonly summary: ValidationSummary; readonly code: string | null }> {
  const due = rulesFor(rules, context.variables)
  const failures: string[] = []
  let made = 0
  let failed: ValidationRule | null = null
  for (const [index, rule] of due.entries()) {
    if (context.signal.aborted || (failed && rule.stage > failed.stage)) break
    const failure = await check(rule, index, context)
    made++
    if (failure === null) continue
    failures.push(rule.description === null ? failure : `${rule.description}: ${failure}`)
    failed ??= rule
  }
  const summary = { passed: made - failures.length, total: due.length, failures, skipped: due.length - made }
  return { summary, code: failed && CODES[failed.type] }
}
