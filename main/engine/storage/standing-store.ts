import { z } from 'zod'
import type { Standing, StandingStore } from '../limits/standing.ts'
import type { OpenDatabase } from './database.ts'
import { guarded } from './sqlite-problem.ts'

const time = z.number()
const standing: z.ZodType<Standing> = z.strictObject({
  limits: z.array(
    z.strictObject({
      instrument: z.string(),
      model: z.string().nullable(),
      until: time,
      mode: z.enum(['at_reset', 'never']),
      since: time,
      message: z.string(),
      triedAt: time.nullable(),
    }),
  ),
  circuit: z.strictObject({ failures: z.number(), openUntil: time.nullable() }).nullable(),
  refusal: z.strictObject({ since: time, message: z.string() }).nullable(),
})
const row = z.object({ instrument: z.string(), state: z.string() })

/**
 * Limits, rests and refusals of instruments, in the database. Never throws: what cannot be read is left out and met anew, what
 * cannot be written holds until Fermata ends.
 */
export function createStandingStore(database: OpenDatabase, onProblem: (message: string, error: unknown) => void): StandingStore {
  const { db, file } = database
  const all = db.prepare('SELECT instrument, state FROM instrument_limits')
  const write = db.prepare(
    'INSERT INTO instrument_limits (instrument, state) VALUES (?, ?) ON CONFLICT (instrument) DO UPDATE SET state = excluded.state',
  )
  const remove = db.prepare('DELETE FROM instrument_limits WHERE instrument = ?')
  return {
    load() {
      const found = new Map<string, Standing>()
      for (const one of all.all()) {
        try {
          const { instrument, state } = row.parse(one)
          found.set(instrument, standing.parse(JSON.parse(state)))
        } catch (error) {
          onProblem('What was known of the limits of an instrument cannot be read: they are met anew.', error)
        }
      }
      return found
    },
    keep(instrument, known) {
      try {
        guarded(file, () => {
          database.assertInPlace()
          if (known === null) remove.run(instrument)
          else write.run(instrument, JSON.stringify(known))
        })
        return true
      } catch (error) {
        onProblem(`The limits of ${instrument} could not be saved: they are known until Fermata ends.`, error)
        return false
      }
    },
  }
}
