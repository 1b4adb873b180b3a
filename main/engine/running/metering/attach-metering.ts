import type { Catalogue } from '../../instruments/catalogue.ts'
import type { Clock } from '../../ports.ts'
import type { Pricing } from '../../prices/pricing.ts'
import { createMeter } from '../../usage/meter.ts'
import type { Conductor } from '../conductor.ts'
import { choiceOf } from '../preparation.ts'
import { profileFor } from '../profile-for.ts'
import type { DayWatch } from './day-watch.ts'
import { type Metering, watchMetering } from './metering.ts'
import { priceFor } from './price-for.ts'

export interface AttachMeteringParts {
  readonly conductor: Pick<Conductor, 'attempts' | 'job' | 'apply' | 'touch'>
  readonly catalogue: Catalogue
  readonly pricing: Pricing
  readonly day: DayWatch
  readonly clock: Clock
  onProblem(message: string, error?: unknown): void
}

/** Meters the conductor's attempts; what they use counts for the day as well. */
export function attachMetering({ conductor, catalogue, pricing, day, clock, onProblem }: AttachMeteringParts): Metering {
  return watchMetering({
    running: () => conductor.attempts(),
    job: (id) => conductor.job(id),
    meterFor(job, record) {
      const profile = profileFor(catalogue, job.score, record.instrument)
      const { model } = choiceOf(job, record).config
      const price = priceFor(pricing, profile, job.score)
      return createMeter({ profile, folder: record.folder, model, price, now: clock.now })
    },
    apply: (jobId, event) => conductor.apply(jobId, event),
    onReading(job, record, { usage, model }) {
      if (usage) day.note(job, record, usage, model)
      conductor.touch(record.jobId)
    },
    onLook: () => day.look(),
    onProblem,
  })
}
