import type { Catalogue } from '../instruments/catalogue.ts'
import { type Capacity, DEFAULT_CAPACITY } from '../limits/coordinator.ts'

/** Sheets at once as the profiles say it, by model; an instrument whose profile is gone gets the usual. */
export function capacityIn(catalogue: Catalogue): (instrument: string) => Capacity {
  return (instrument) => {
    const models = catalogue.list().find(({ name }) => name === instrument)?.models ?? []
    return { instrument: DEFAULT_CAPACITY, models: new Map(models.map(({ name, max_concurrent }) => [name, max_concurrent])) }
  }
}
