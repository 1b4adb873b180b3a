import { lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { noteRemoval } from './removed.ts'

const dayMs = 24 * 3_600_000
const streams: ReadonlySet<string> = new Set(['stdout', 'stderr'])

export interface Retention {
  /** Absolute path of the folder that has a folder for each job, with the folders of its attempts, checks and hooks. */
  readonly attemptsRoot: string
  /** Logs last written to longer ago are removed. */
  readonly keepDays: number
  /** What the logs of finished jobs may take together; the oldest are removed until they do. */
  readonly keepBytes: number
  /** Epoch ms. */
  readonly now: number
  /** Whether the job may still run or go on: its logs are neither removed nor counted. */
  isLive(jobId: string): boolean
}

/** What one process printed. */
interface Logs {
  readonly jobId: string
  readonly folder: string
  readonly files: readonly string[]
  readonly bytes: number
  /** Epoch ms. */
  readonly writtenAt: number
}

/**
 * Removes old output of finished jobs, by age and by what all of it takes. The small files of an attempt stay, and a note is
 * left of when its logs were removed (see {@link removedAt}). What cannot be read or removed is passed over.
 *
 * @returns bytes that were freed
 */
export async function pruneLogs({ attemptsRoot, keepDays, keepBytes, now, isLive }: Retention): Promise<number> {
  const jobs = (await readdir(attemptsRoot).catch(() => [])).filter((jobId) => !isLive(jobId))
  const all: Logs[] = []
  for (const jobId of jobs) all.push(...(await logsOf(join(attemptsRoot, jobId), jobId)))
  let total = all.reduce((sum, { bytes }) => sum + bytes, 0)
  let freed = 0
  for (const logs of all.toSorted((a, b) => a.writtenAt - b.writtenAt)) {
    if (total <= keepBytes && now - logs.writtenAt <= keepDays * dayMs) break
    // It may have been resumed while others were looked at.
    if (isLive(logs.jobId) || !(await remove(logs, now))) continue
    total -= logs.bytes
    freed += logs.bytes
  }
  return freed
}

async function logsOf(jobFolder: string, jobId: string): Promise<readonly Logs[]> {
  const entries = await readdir(jobFolder, { recursive: true, withFileTypes: true }).catch(() => [])
  const byFolder = new Map<string, string[]>()
  for (const { name, parentPath } of entries.filter((entry) => entry.isFile() && streams.has(entry.name))) {
    byFolder.set(parentPath, [...(byFolder.get(parentPath) ?? []), join(parentPath, name)])
  }
  const all = await Promise.all([...byFolder].map(([folder, files]) => measure({ jobId, folder, files })))
  // One that printed nothing keeps saying so.
  return all.filter(({ bytes }) => bytes > 0)
}

async function measure(logs: Pick<Logs, 'jobId' | 'folder' | 'files'>): Promise<Logs> {
  const facts = await Promise.all(logs.files.map((file) => lstat(file).catch(() => null)))
  return {
    ...logs,
    bytes: facts.reduce((sum, found) => sum + (found?.size ?? 0), 0),
    writtenAt: Math.max(...facts.map((found) => found?.mtimeMs ?? 0)),
  }
}

async function remove({ folder, files }: Logs, now: number): Promise<boolean> {
  try {
    // The note comes after: on a full disk it needs the room.
    for (const file of files) await rm(file, { force: true })
    await noteRemoval(folder, now)
    return true
  } catch {
    return false
  }
}
