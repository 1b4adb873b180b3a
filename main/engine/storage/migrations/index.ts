import { jobs } from './0001-jobs.ts'
import type { Migration } from './migration.ts'

/**
 * In order: the n-th brings the database to schema n. Checkpoints are checked strictly when read, so a field added to
 * `JobState`, `SheetState` or `Score` needs a migration that gives stored ones a value (`json_set`).
 */
export const migrations: readonly Migration[] = [jobs]
