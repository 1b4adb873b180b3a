import { join } from 'node:path'
import type { Catalogue } from '../instruments/catalogue.ts'
import type { Clock, JobRecord, Launcher } from '../ports.ts'
import type { PlannedSheet } from '../score/score.ts'
import { choiceOf } from './preparation.ts'
import { plannedSheet, preparePrompt } from './prepare-prompt.ts'
import { markerIn } from './run-once.ts'
import { skipReason } from './skip.ts'
import { checkpointFor } from './triggers.ts'

/** What has to be known of a sheet right before it starts: it goes on, is left out, or waits for a person. */
export type Admission =
  | { readonly kind: 'go' }
  | { readonly kind: 'skip'; readonly reason: string }
  | { readonly kind: 'hold'; readonly reason: string }

export interface GatekeeperParts {
  readonly dataDir: string
  readonly catalogue: Catalogue
  readonly clock: Clock
  readonly launcher: Launcher
  readonly environment: NodeJS.ProcessEnv
  answerOf(job: JobRecord, sheet: number): Promise<string | null>
  /** Of a sheet's newest attempt; null while there is none. */
  exitStatusOf(job: JobRecord, sheet: number): number | null
  onProblem(message: string): void
}

const NOT_SKIPPED = { skip: null, problem: null } as const

/** Skip rules are for sheets that have not begun: what a failed attempt left behind must not pass for the sheet's work. */
function maySkip({ state }: JobRecord, { number, skipWhen, skipWhenCommand }: PlannedSheet): boolean {
  return state.sheets[number - 1]?.attempts === 0 && (skipWhen !== null || skipWhenCommand !== null)
}

/** Whether a sheet has to be looked at before it starts. */
export function needsLook(job: JobRecord, sheet: number): boolean {
  const { plan, score, state } = job
  const planned = plan.sheets[sheet - 1]
  if (!planned) return false
  const held = score.checkpoints.enabled && score.checkpoints.triggers.length > 0 && state.sheets[sheet - 1]?.released === false
  return maySkip(job, planned) || held
}

/**
 * Applies the score's skip rules, then its checkpoints (Marianne §7.8). What cannot be told lets the sheet go.
 *
 * @param signal aborted when nobody wants the answer any more: what runs for it is ended
 */
export async function admit(job: JobRecord, sheet: number, parts: GatekeeperParts, signal: AbortSignal): Promise<Admission> {
  const { score, state } = job
  const planned = plannedSheet(job, sheet)
  const current = state.sheets[sheet - 1]
  const folder = join(parts.dataDir, 'attempts', state.id, `${sheet}-skip`)
  const { skip, problem } = maySkip(job, planned)
    ? await skipReason({
        planned,
        score,
        sheets: state.sheets,
        environment: parts.environment,
        launcher: parts.launcher,
        clock: parts.clock,
        folder,
        marker: markerIn(folder, `${state.id}.${sheet}.skip`),
        signal,
        exitStatusOf: (number) => parts.exitStatusOf(job, number),
      })
    : NOT_SKIPPED
  if (problem !== null) parts.onProblem(`"${score.name}", sheet ${sheet}: ${problem}`)
  if (skip !== null) return { kind: 'skip', reason: skip }
  if (!score.checkpoints.enabled || !current || current.released) return { kind: 'go' }
  const { instrument } = choiceOf(job, { sheet, choice: current.choice })
  const { prompt } = await preparePrompt(job, planned, parts.catalogue.get(instrument), (number) => parts.answerOf(job, number))
  const message = checkpointFor(score, planned, current, prompt)
  return message === null ? { kind: 'go' } : { kind: 'hold', reason: message }
}
