import { stat } from 'node:fs/promises'
import { attemptFiles } from './attempt-folder.ts'

/** When the attempt last wrote to stdout or stderr, in epoch ms; null when it has written nothing. */
export async function lastOutputAt(folder: string): Promise<number | null> {
  const files = attemptFiles(folder)
  const times = await Promise.all([files.stdout, files.stderr].map(writtenAt))
  const newest = Math.max(...times)
  return newest > 0 ? Math.floor(newest) : null
}

/** The last sign of life of an attempt that has ended, in epoch ms: its exit file, its output, or its start at least. */
export async function lastSignOf(folder: string, startedAt: number): Promise<number> {
  const { exit } = attemptFiles(folder)
  return Math.max(Math.floor(await writtenAt(exit)), (await lastOutputAt(folder)) ?? 0, startedAt)
}

async function writtenAt(file: string): Promise<number> {
  const facts = await stat(file).catch(() => null)
  return facts && facts.size > 0 ? facts.mtimeMs : 0
}
