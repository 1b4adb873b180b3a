import type { Conductor } from '../conductor.ts'
import type { EventBus } from '../event-bus.ts'
import { type DayParts, type DayWatch, watchDay } from './day-watch.ts'

export interface AttachDayParts extends Pick<DayParts, 'days' | 'clock' | 'limits' | 'onProblem'> {
  readonly conductor: Pick<Conductor, 'jobs' | 'apply'>
  readonly bus: EventBus
}

/** The budget of the day over the conductor's jobs. */
export function attachDay({ conductor, bus, ...parts }: AttachDayParts): DayWatch {
  return watchDay({
    ...parts,
    jobs: () => conductor.jobs(),
    apply: (jobId, event) => conductor.apply(jobId, event),
    tell: (jobId, title, body) => bus.emit({ type: 'notice', jobId, title, body }),
  })
}
