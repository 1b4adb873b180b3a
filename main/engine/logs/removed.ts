import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Stands in an attempt's folder once its logs were removed; holds the time, in epoch ms. */
const markFile = 'logs-removed'

/** Notes that the logs of an attempt are removed. */
export function noteRemoval(folder: string, at: number): Promise<void> {
  return writeFile(join(folder, markFile), `${at}\n`, { mode: 0o600 })
}

/** When the logs of an attempt were removed to save space, in epoch ms; null when they were not. */
export async function removedAt(folder: string): Promise<number | null> {
  const text = await readFile(join(folder, markFile), 'utf8').catch(() => '')
  return /^\d+\n$/.test(text) ? Number(text) : null
}
