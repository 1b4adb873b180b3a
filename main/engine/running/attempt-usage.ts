import type { Catalogue } from '../instruments/catalogue.ts'
import type { InstrumentProfile } from '../instruments/profile.ts'
import { readUsage, type UsageSource } from '../instruments/read-result.ts'
import type { Price } from '../instruments/usage.ts'
import type { AttemptRecord, JobRecord } from '../ports.ts'
import type { Usage } from '../scheduling/state.ts'
import type { Score } from '../score/score.ts'
import { choiceOf } from './preparation.ts'
import { profileFor } from './profile-for.ts'

export interface UsageParts {
  readonly catalogue: Catalogue
  /** What attempts of a score on an instrument cost. */
  priceFor(profile: InstrumentProfile, score: Score): Price
  /** What was seen of an attempt's usage while it ran. */
  seen(marker: string): Usage | null
  /** Keeps its output within its limit. Never rejects. */
  capOutput(folder: string): Promise<void>
}

/** Where to read what an attempt used. */
export const usageSource = (
  job: JobRecord,
  record: AttemptRecord,
  profile: InstrumentProfile,
  { priceFor, seen }: Pick<UsageParts, 'priceFor' | 'seen'>,
): UsageSource => ({
  folder: record.folder,
  model: choiceOf(job, record).config.model,
  price: priceFor(profile, job.score),
  seen: seen(record.marker),
})

/** What it used up to a stop or a loss: work that came to nothing costs as well. */
export async function usedUntilNow(job: JobRecord, record: AttemptRecord, parts: UsageParts): Promise<Usage | null> {
  const { catalogue, seen, capOutput } = parts
  // A cut under way must be over before the output is read.
  await capOutput(record.folder)
  try {
    const profile = profileFor(catalogue, job.score, record.instrument)
    return await readUsage(profile, usageSource(job, record, profile, parts))
  } catch {
    return seen(record.marker)
  }
}
