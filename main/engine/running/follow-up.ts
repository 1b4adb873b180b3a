import { join } from 'node:path'
import type { Clock, JobRecord, Launcher } from '../ports.ts'
import type { SubmitOptions } from '../requests.ts'
import { type HookResult, runHooks } from './hooks/run-hooks.ts'

export interface FollowUpParts {
  readonly dataDir: string
  readonly environment: NodeJS.ProcessEnv
  readonly launcher: Launcher
  readonly clock: Clock
  readonly signal: AbortSignal
  submit(scorePath: string, options: SubmitOptions): Promise<{ readonly id: string }>
  /** A hook has succeeded: it is not to be done again. */
  onDone(hook: number): void
}

/**
 * Does what follows a job's last sheet (Marianne §7.9). Answers with why it failed, or null; never rejects. What it runs is
 * ended when `signal` is aborted.
 */
export async function followUp(job: JobRecord, parts: FollowUpParts): Promise<string | null> {
  const { state, chainDepth } = job
  const { dataDir, environment, launcher, clock, signal, onDone, submit } = parts
  const results = await runHooks({
    job,
    completedNow: state.sheets.filter(({ status }) => status === 'completed').length,
    depth: chainDepth,
    environment,
    launcher,
    clock,
    folder: join(dataDir, 'attempts', state.id, 'hooks'),
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
  if (signal.aborted) return 'what follows was stopped'
  const failed = results.find(({ success }) => !success)
  return failed ? sentenceOf(failed) : null
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
