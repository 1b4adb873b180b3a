import { readResult } from '../instruments/read-result.ts'
import type { AttemptRecord, Clock, JobRecord, Launcher, ProcessIdentity } from '../ports.ts'
import type { AttemptOutcome, Usage } from '../scheduling/state.ts'
import { type UsageParts, usageSource } from './attempt-usage.ts'
import { attemptEnvironment } from './environment.ts'
import { type PreparationParts, readBaseline, workingIn } from './preparation.ts'
import { plannedSheet } from './prepare-prompt.ts'
import { profileFor } from './profile-for.ts'
import { leaveSheetLogs } from './sheet-logs.ts'
import { validate } from './validations/validate.ts'
import { sheetVariables } from './variables.ts'

export interface JudgeParts extends UsageParts {
  readonly clock: Clock
  readonly launcher: Launcher
  /** The environment agents inherit. */
  readonly environment: NodeJS.ProcessEnv
  readonly preparation: PreparationParts
}

export interface Judgement {
  readonly outcome: AttemptOutcome
  readonly usage?: Usage | null
}

/**
 * What the instrument said, then what the score's checks say.
 * @param signal aborted when nobody wants the answer any more: the checks are ended
 */
export async function judge(
  job: JobRecord,
  record: AttemptRecord,
  exitStatus: number,
  parts: JudgeParts,
  signal: AbortSignal,
): Promise<Judgement> {
  const { catalogue, clock, launcher, environment, preparation, capOutput } = parts
  const { workspace } = await preparation.place()
  const { score, plan } = workingIn(job, workspace)
  const { folder, marker, instrument, sheet } = record
  const profile = profileFor(catalogue, score, instrument)
  const source = { ...usageSource(job, record, profile, parts), exitStatus, now: clock.now() }
  const { verdict, usage } = await readResult(profile, source)
  if (verdict.kind === 'rate_limited') return { usage, outcome: verdict }
  if (verdict.kind === 'failed') return { usage, outcome: { ...verdict, validation: null } }
  if (score.validations.length === 0) return { usage, outcome: { kind: 'succeeded', validation: null } }

  await leaveSheetLogs(score, sheet, folder, workspace)
  const survivors: ProcessIdentity[] = []
  const { summary, code } = await validate(score.validations, {
    folder,
    workspace,
    variables: sheetVariables({ score, plan, sheet: plannedSheet(job, sheet), instrument }),
    baseline: await readBaseline(folder),
    env: attemptEnvironment(environment, record, workspace),
    marker,
    launcher,
    clock,
    capOutput,
    signal,
    redact: preparation.redact,
    onLeft: (left) => survivors.push(...left),
  })
  if (code === null) return { usage, outcome: { kind: 'succeeded', validation: summary, survivors } }
  const message = `${summary.failures.length} of ${summary.total} checks failed: ${summary.failures[0]}`
  return { usage, outcome: { kind: 'failed', error: { code, message }, retriable: true, validation: summary } }
}
