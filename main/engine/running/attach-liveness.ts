import type { Launcher } from '../ports.ts'
import type { Conductor } from './conductor.ts'
import { type Liveness, watchLiveness } from './liveness.ts'

export interface AttachLivenessParts {
  readonly conductor: Pick<Conductor, 'attempts' | 'touch'>
  readonly launcher: Launcher
  /** Keeps an attempt's output within its limit. Never rejects. */
  capOutput(folder: string): Promise<void>
  /** After every look. */
  onLook(): void
}

/** Watches over the conductor's attempts: those that are to stand still do, and their output stays within its limit. */
export function attachLiveness({ conductor, launcher, capOutput, onLook }: AttachLivenessParts): Liveness {
  return watchLiveness({
    running: () => conductor.attempts(),
    launcher,
    onChange: (jobId) => conductor.touch(jobId),
    // Something went on that is to stand still: a process that was born late, or somebody's signal.
    onSample: (attempt, { processes, frozen }) => {
      if (attempt.phase === 'frozen' && processes > 0 && !frozen) attempt.freeze()
    },
    onLook,
    tend: async (attempt) => {
      if (attempt.phase === 'running') await capOutput(attempt.record.folder)
    },
  })
}
