import type { OpenDatabase } from '../storage/database.ts'
import { guarded } from '../storage/sqlite-problem.ts'
import { createMemory, type Memory } from './memory.ts'
import type { Outcome, Place } from './outcome.ts'

/** What is known of how attempts went, and how more of it is learned. */
export interface Learning extends Memory {
  /** Keeps how an attempt went, unless its user does not want that. Never throws. */
  record(place: Place, outcome: Outcome): void
  /** Forgets what was learned, all of it or that of one score. @returns how many outcomes @throws StorageError */
  forget(score?: string): number
}

interface LearningOptions {
  /** Its user wants Fermata to learn, and to use what it has learned. */
  enabled(): boolean
  /** Something was written. */
  onChange(): void
  onProblem(message: string, error: unknown): void
}

/** Outcomes kept in all: the newest. */
const KEPT = 50_000

/** The outcomes in the database of a data folder. They stay on this computer. */
export function createLearning(database: OpenDatabase, { enabled, onChange, onProblem }: LearningOptions): Learning {
  const { db, file } = database
  const insert = db.prepare(`
    INSERT INTO outcomes (score, sheet, instrument, model, attempt, succeeded, error_code, error_message, duration_ms, tokens, cost_usd, at)
    VALUES (@score, @sheet, @instrument, @model, @attempt, @succeeded, @errorCode, @errorMessage, @durationMs, @tokens, @costUsd, @at)`)
  const prune = db.prepare('DELETE FROM outcomes WHERE id <= ?')
  const forgetAll = db.prepare('DELETE FROM outcomes')
  const forgetScore = db.prepare('DELETE FROM outcomes WHERE score = ?')
  const memory = createMemory(db, enabled)
  let isFailing = false

  /** Nobody waits for the disk: the last outcomes may be lost with a power cut, and nothing else is. */
  const unhurried = db.transaction((row: object) => {
    const { lastInsertRowid } = insert.run(row)
    prune.run(Number(lastInsertRowid) - KEPT)
  })

  return {
    ...memory,
    record(place, outcome) {
      if (!enabled()) return
      try {
        database.assertInPlace()
        db.pragma('synchronous = NORMAL')
        try {
          unhurried.immediate({ ...place, ...outcome, succeeded: outcome.succeeded ? 1 : 0 })
        } finally {
          db.pragma('synchronous = FULL')
        }
        isFailing = false
        memory.stale(place)
        onChange()
      } catch (error) {
        if (!isFailing) onProblem('How a sheet went could not be kept for forecasts. No job is affected.', error)
        isFailing = true
      }
    },
    forget(score) {
      return guarded(file, () => {
        database.assertInPlace()
        const { changes } = score === undefined ? forgetAll.run() : forgetScore.run(score)
        memory.stale()
        onChange()
        return changes
      })
    },
  }
}
