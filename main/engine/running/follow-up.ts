import { join } from 'node:path'
import type { Clock, JobRecord, Launcher } from '../ports.ts'
import type { Redact } from '../redaction/redactor.ts'
import type { SubmitOptions } from '../requests.ts'
import { type HookResult, runHooks } from './hooks/run-hooks.ts'
import { endOtherRuns, endRun, runFolder } from './hooks/runs.ts'
import { LET_GO } from './run-once.ts'

export interface FollowUpParts {
  readonly dataDir: string
  readonly environment: NodeJS.ProcessEnv
  readonly redact: Redact
  readonly launcher: Launcher
  readonly clock: Clock
  /** Keeps what a hook prints within its limit. Never rejects. */
  capOutput(folder: string): Promise<void>
  /** When aborted, what runs is stopped; with the reason {@link LET_GO} it runs on, for the next Fermata to adopt. */
  readonly signal: AbortSignal
  /** An earlier Fermata began with it and did not see its end: what it left is part of this run. */
  readonly goesOn: boolean
  submit(scorePath: string, options: SubmitOptions): Promise<{ readonly id: string }>
  /** A hook has succeeded: it is not to be done again. */
  onDone(hook: number): void
}

/** Does what follows a job's last sheet (Marianne §7.9). Answers with why it failed, or null; never rejects. */
export async function followUp(job: JobRecord, parts: FollowUpParts): Promise<string | null> {
  const { dataDir, launcher, signal, goesOn } = parts
  const { id } = job.state
  try {
    const root = join(dataDir, 'attempts', id, 'hooks')
    // At once, not after a wait: should Fermata be killed now, an earlier run is not taken for this one.
    const folder = runFolder(root, goesOn)
    await endOtherRuns(id, root, folder, launcher)
    const results = await hooksIn(folder, job, parts)
    // After a restart one may run that was not come to yet.
    if (signal.aborted && signal.reason !== LET_GO) await endRun(id, folder, launcher)
    if (signal.aborted) return 'what follows was stopped'
    const failed = results.find(({ success }) => !success)
    return failed ? sentenceOf(failed) : null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function hooksIn(folder: string, job: JobRecord, parts: FollowUpParts): Promise<readonly HookResult[]> {
  const { state, chainDepth } = job
  const { environment, redact, launcher, clock, capOutput, signal, onDone, submit } = parts
  return runHooks({
    job,
    completedNow: state.sheets.filter(({ status }) => status === 'completed').length,
    depth: chainDepth,
    environment,
    redact,
    launcher,
    clock,
    capOutput,
    folder,
    signal,
    done: new Set(state.hooksDone),
    onDone,
    wait: (ms) => pause(ms, clock, signal),
    async submit({ scorePath, workspace, fresh, depth, hold, hook }) {
      const options = {
        fresh,
        hold,
        chainDepth: depth,
        after: { jobId: state.id, hook },
        ...(workspace === null ? {} : { workspace }),
      }
      return (await submit(scorePath, options)).id
    },
  })
}

const sentenceOf = ({ type, description, error }: HookResult): string =>
  `"${description ?? type}" failed: ${error ?? 'no reason given'}`

function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const dispose = clock.after(ms, () => resolve())
    signal.addEventListener('abort', () => {
      dispose()
      resolve()
    })
  })
}
