import { stat } from 'node:fs/promises'
import type { JobSummary } from '../engine/index.ts'

/** How exactly file systems tell times. */
const TIME_STEP_MS = 1000

/** Whether a job's score file is there and was not written since the job ended. */
export async function isUnchanged({ scorePath, completedAt }: Pick<JobSummary, 'scorePath' | 'completedAt'>): Promise<boolean> {
  const file = await stat(scorePath).catch(() => null)
  return file !== null && completedAt !== null && file.mtimeMs <= completedAt + TIME_STEP_MS
}
