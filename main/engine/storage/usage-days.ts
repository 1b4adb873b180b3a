import { z } from 'zod'
import type { Usage } from '../scheduling/state.ts'
import type { OpenDatabase } from './database.ts'
import { usage } from './rows.ts'

/** What one attempt used on one day. */
export interface UsageEntry {
  /** `YYYY-MM-DD`, by its user's calendar. */
  readonly day: string
  /** The attempt's. */
  readonly marker: string
  readonly jobId: string
  readonly jobName: string
  readonly sheet: number
  readonly instrument: string
  /** As the program told it, else as its score asked; null where neither did. */
  readonly model: string | null
  readonly usage: Usage
}

const row = z.object({
  day: z.string(),
  marker: z.string(),
  job_id: z.string(),
  job_name: z.string(),
  sheet: z.number(),
  instrument: z.string(),
  model: z.string().nullable(),
  usage: z.string().transform((text) => usage.parse(JSON.parse(text))),
})

const entryOf = (value: unknown): UsageEntry => {
  const { job_id: jobId, job_name: jobName, ...rest } = row.parse(value)
  return { jobId, jobName, ...rest }
}

/** The ledger of what was used when. It outlives the jobs. */
export interface UsageDays {
  /** Writes an entry, in the place of an earlier one of the same attempt and day. */
  save(entry: UsageEntry): void
  /** Entries of that day and later ones, oldest day first. */
  since(day: string): readonly UsageEntry[]
  /** Of one attempt, on all days before this one. */
  before(marker: string, day: string): readonly UsageEntry[]
}

export function createUsageDays({ db }: Pick<OpenDatabase, 'db'>): UsageDays {
  const save = db.prepare(`
    INSERT INTO usage_days (day, marker, job_id, job_name, sheet, instrument, model, usage)
    VALUES (@day, @marker, @jobId, @jobName, @sheet, @instrument, @model, @usage)
    ON CONFLICT (day, marker) DO UPDATE SET model = excluded.model, usage = excluded.usage`)
  const since = db.prepare('SELECT * FROM usage_days WHERE day >= ? ORDER BY day, marker')
  const before = db.prepare('SELECT * FROM usage_days WHERE marker = ? AND day < ? ORDER BY day')
  return {
    save: (entry) => void save.run({ ...entry, usage: JSON.stringify(entry.usage) }),
    since: (day) => since.all(day).map(entryOf),
    before: (marker, day) => before.all(marker, day).map(entryOf),
  }
}
