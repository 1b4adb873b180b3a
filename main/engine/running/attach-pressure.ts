import type { Launcher } from '../ports.ts'
import type { Conductor } from './conductor.ts'
import { type PressureParts, type PressureWatch, watchPressure } from './pressure-watch.ts'

export interface AttachPressureParts extends Pick<PressureParts, 'limits' | 'processes' | 'freeMemoryPercent'> {
  readonly conductor: Pick<Conductor, 'jobs' | 'apply'>
  readonly launcher: Pick<Launcher, 'canFreeze'>
}

/** Freezes the conductor's jobs when memory runs out, where the system can freeze. */
export function attachPressure({ conductor, launcher, ...strain }: AttachPressureParts): PressureWatch {
  return watchPressure({
    ...strain,
    jobs: () => conductor.jobs(),
    freeze: (jobId) => launcher.canFreeze && conductor.apply(jobId, { type: 'freeze', by: 'pressure' }),
    thaw: (jobId) => conductor.apply(jobId, { type: 'thaw' }),
  })
}
