import { stat } from 'node:fs/promises'
import { attemptFiles } from './attempt-folder.ts'

/** When the attempt last wrote to stdout or stderr, in epoch ms; null when it has written nothing. */
export async function lastOutputAt(folder: string): Promise<number | null> {
  const files = attemptFiles(folder)
  const times = await Promise.all([files.stdout, files.stderr].map(writtenAt))
  const newest = Math.max(...times)
  return newest > 0 ? Math.floor(newest) : null
}

async function writtenAt(file: string): Promise<number> {
  const facts = await stat(file).catch(() => null)
  return facts && facts.size > 0 ? facts.mtimeMs : 0
}
