import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const table = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/limits', `${name}.json`), 'utf8'))

/** What notices say of the end of a limit, and when that is (ISO 8601). */
export const resetTimes = z
  .strictObject({
    /** When the first two lists are read, and the zone of times that name none. */
    now: z.string(),
    zone: z.string(),
    understood: z.array(z.tuple([z.string(), z.string()])),
    notUnderstood: z.array(z.string()),
    /** What it is about, when it is read, the computer's zone, the notice, the time it means. */
    corners: z.array(z.tuple([z.string(), z.string(), z.string(), z.string(), z.string()])),
  })
  .parse(table('reset-times'))

/** By instrument: final errors that tell a limit, with its code and end, and those that tell something else, with its code. */
export const finalErrors = z
  .record(
    z.string(),
    z.strictObject({
      limits: z.array(z.tuple([z.string(), z.string(), z.string().nullable()])),
      others: z.array(z.tuple([z.string(), z.string()])),
    }),
  )
  .parse(table('final-errors'))
