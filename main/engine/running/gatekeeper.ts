import { join } from 'node:path'
import type { Catalogue } from '../instruments/catalogue.ts'
import { NO_MEMORY } from '../learning/memory.ts'
import type { JobRecord, ProcessIdentity } from '../ports.ts'
import type { Redact } from '../redaction/redactor.ts'
import type { PlannedSheet } from '../score/score.ts'
import { endAll } from './end-all.ts'
import { choiceOf } from './preparation.ts'
import { plannedSheet, preparePrompt } from './prepare-prompt.ts'
import { markerIn, type ProcessParts } from './run-once.ts'
import { skipReason } from './skip.ts'
import { checkpointFor } from './triggers.ts'

/** What has to be known of a sheet right before it starts: it goes on, is left out, or waits for a person. */
export type Admission =
  | { readonly kind: 'go' }
  | { readonly kind: 'skip'; readonly reason: string }
  | { readonly kind: 'hold'; readonly reason: string }

/** How a look at a sheet went. */
interface Look {
  readonly admission: Admission
  /** What its command left running and could not be ended. */
  readonly survivors: readonly ProcessIdentity[]
}

/** Looks at sheets before they start. */
export interface Gatekeeper {
  /** Whether the sheet has to be looked at. */
  needsLook(job: JobRecord, sheet: number): boolean
  /**
   * Applies the score's skip rules, then its checkpoints (Marianne §7.8). What cannot be told lets the sheet go.
   * @param signal aborted when nobody wants the answer any more: what runs for it is ended
   */
  look(job: JobRecord, sheet: number, signal: AbortSignal): Promise<Look>
  /**
   * Ends what an earlier Fermata's look at the sheet still runs. Gives what could not be ended; never rejects.
   * @param signal aborted when nobody waits for it any more
   */
  endLook(jobId: string, sheet: number, signal: AbortSignal): Promise<readonly ProcessIdentity[]>
}

export interface GatekeeperParts extends ProcessParts {
  readonly dataDir: string
  readonly catalogue: Catalogue
  readonly environment: NodeJS.ProcessEnv
  answerOf(job: JobRecord, sheet: number): Promise<string | null>
  /** Of a sheet's newest attempt; null while there is none. */
  exitStatusOf(job: JobRecord, sheet: number): number | null
  readonly redact: Redact
  onProblem(message: string): void
}

const NOT_SKIPPED = { skip: null, problem: null } as const

/** Skip rules are for sheets that have not begun: what a failed attempt left behind must not pass for the sheet's work. */
function maySkip({ state }: JobRecord, { number, skipWhen, skipWhenCommand }: PlannedSheet): boolean {
  return state.sheets[number - 1]?.attempts === 0 && (skipWhen !== null || skipWhenCommand !== null)
}

function needsLook(job: JobRecord, sheet: number): boolean {
  const { plan, score, state } = job
  const planned = plan.sheets[sheet - 1]
  if (!planned) return false
  const held = score.checkpoints.enabled && score.checkpoints.triggers.length > 0 && state.sheets[sheet - 1]?.released === false
  return maySkip(job, planned) || held
}

export function createGatekeeper(parts: GatekeeperParts): Gatekeeper {
  const { dataDir, launcher, clock, onProblem } = parts
  return {
    needsLook,
    async look(job, sheet, signal) {
      const survivors: ProcessIdentity[] = []
      const admission = await admit(job, sheet, parts, signal, (left) => survivors.push(...left))
      return { admission, survivors }
    },
    endLook: (jobId, sheet, signal) =>
      endAll(null, lookIn(dataDir, jobId, sheet).marker, {
        ...{ launcher, clock, signal },
        onUnknown: () => onProblem(`What a skip rule of "${jobId}" left running cannot be seen, Fermata looks again.`),
      }),
  }
}

/** Where the command of a sheet's skip rule runs, and its marker. */
export function lookIn(dataDir: string, jobId: string, sheet: number): { readonly folder: string; readonly marker: string } {
  const folder = join(dataDir, 'attempts', jobId, `${sheet}-skip`)
  return { folder, marker: markerIn(folder, `${jobId}.${sheet}.skip`) }
}

async function admit(
  job: JobRecord,
  sheet: number,
  parts: GatekeeperParts,
  signal: AbortSignal,
  onLeft: (survivors: readonly ProcessIdentity[]) => void,
): Promise<Admission> {
  const { score, state } = job
  const planned = plannedSheet(job, sheet)
  const current = state.sheets[sheet - 1]
  const { skip, problem } = maySkip(job, planned)
    ? await skipReason({
        planned,
        score,
        sheets: state.sheets,
        environment: parts.environment,
        launcher: parts.launcher,
        clock: parts.clock,
        capOutput: parts.capOutput,
        ...lookIn(parts.dataDir, state.id, sheet),
        signal,
        onLeft,
        exitStatusOf: (number) => parts.exitStatusOf(job, number),
      })
    : NOT_SKIPPED
  if (problem !== null) parts.onProblem(`"${score.name}", sheet ${sheet}: ${problem}`)
  if (skip !== null) return { kind: 'skip', reason: skip }
  if (!score.checkpoints.enabled || !current || current.released) return { kind: 'go' }
  const { instrument } = choiceOf(job, { sheet, choice: current.choice })
  const { prompt } = await preparePrompt(job, planned, parts.catalogue.get(instrument), {
    answerOf: (number) => parts.answerOf(job, number),
    redact: parts.redact,
    memory: NO_MEMORY,
  })
  const message = checkpointFor(score, planned, current, prompt)
  return message === null ? { kind: 'go' } : { kind: 'hold', reason: message }
}
