import type { JobService } from '../job-service.ts'
import type { Desk } from './desk.ts'
import type { ServiceParts } from './parts.ts'

/** What was learned, what models cost, and what follows from both. */
export function createInsight(
  { learning, prices }: ServiceParts,
  { find, forecast }: Desk,
): Pick<JobService, 'learning' | 'forecast' | 'prices' | 'setPrice'> {
  return {
    learning: { insights: learning.insights, forget: learning.forget },
    forecast: async (jobId) => forecast(find(jobId)),
    prices: prices.table,
    setPrice: prices.set,
  }
}
