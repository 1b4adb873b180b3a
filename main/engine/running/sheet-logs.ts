import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { attemptFiles } from '../processes/attempt-folder.ts'
import type { Score } from '../score/score.ts'

const stem = (sheet: number) => `sheet-${String(sheet).padStart(2, '0')}`

/** Whether the score reads what its sheets printed, where Marianne leaves it (Marianne §10). */
const readsLogs = (score: Score): boolean => JSON.stringify([score.validations, score.cross_sheet]).includes('logs/sheet-')

/** Leaves a sheet's output in its workspace, for scores that look there; no other workspace is littered with it. */
export async function leaveSheetLogs(score: Score, sheet: number, folder: string, workspace: string): Promise<void> {
  if (!readsLogs(score)) return
  const logs = join(workspace, 'logs')
  await mkdir(logs, { recursive: true })
  const { stdout, stderr } = attemptFiles(folder)
  await Promise.all([
    copyFile(stdout, join(logs, `${stem(sheet)}.stdout.log`)),
    copyFile(stderr, join(logs, `${stem(sheet)}.stderr.log`)),
  ])
}
