import { jobs } from './0001-jobs.ts'
import { attemptClocks } from './0002-attempt-clocks.ts'
import { limits } from './0003-limits.ts'
import { learning } from './0004-learning.ts'
import { usageDays } from './0005-usage-days.ts'
import type { Migration } from './migration.ts'

/**
 * In order: the n-th brings the database to schema n. Checkpoints are checked strictly when read, so a field added to
 * `JobState` or `SheetState` needs a default in `rows.ts`, one in `Score` a default in its schema.
 */
export const migrations: readonly Migration[] = [jobs, attemptClocks, limits, learning, usageDays]
