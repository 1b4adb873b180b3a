import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Launcher } from '../ports.ts'
import type { OpenDatabase } from './database.ts'
import { guarded } from './sqlite-problem.ts'

/** The folder of an attempt that the database does not know: it was begun by a Fermata whose database is lost. */
export interface UnknownAttempt {
  readonly jobId: string
  readonly sheet: number
  readonly number: number
  /** Absolute path. */
  readonly folder: string
  /** Null when nothing was started in it yet. */
  readonly marker: string | null
  /** Its own process has ended; what it left may still run. */
  readonly hasEnded: boolean
  /** The database knows the job: the sheet may run again, though not beside what is left of this attempt. */
  readonly jobIsKnown: boolean
}

/** `<sheet>-<attempt>`; what was put aside has another name. */
const ATTEMPT = /^(\d+)-(\d+)$/

/**
 * Looks for them among the jobs the database does not know and, after a restore, among all. To be called before anything is
 * started. With 1000 jobs it takes 3 ms, after a restore 0.3 s.
 * @throws StorageError when the database cannot be read
 */
export function unknownAttempts(
  dataDir: string,
  { db, file, restored }: Pick<OpenDatabase, 'db' | 'file' | 'restored'>,
): readonly UnknownAttempt[] {
  const root = join(dataDir, 'attempts')
  const read = (sql: string) => new Set(guarded(file, () => db.prepare(sql).pluck().all()))
  const jobs = read('SELECT id FROM jobs')
  const known = restored ? read(`SELECT job_id || '/' || sheet || '-' || number FROM attempts`) : new Set()
  return namesIn(root).flatMap((jobId) => {
    const jobIsKnown = jobs.has(jobId)
    if (jobIsKnown && !restored) return []
    return namesIn(join(root, jobId)).flatMap((name): UnknownAttempt[] => {
      const [, sheet, number] = ATTEMPT.exec(name) ?? []
      if (sheet === undefined || number === undefined || known.has(`${jobId}/${name}`)) return []
      const folder = join(root, jobId, name)
      const hasEnded = existsSync(join(folder, 'exit'))
      return [{ jobId, sheet: Number(sheet), number: Number(number), folder, marker: markerIn(folder), hasEnded, jobIsKnown }]
    })
  })
}

/**
 * Ends what still runs of these attempts and puts their folders aside, so that none of them is taken for a new attempt's. What
 * an ended attempt of an unknown job left running may be its very work and is let be: nobody runs that again by himself.
 *
 * @param now epoch ms, for the names of the folders
 * @returns pids that could not be ended
 * @throws when the system would not tell what runs, or a folder cannot be put aside; the rest can be done again then
 */
export async function setAside(
  attempts: readonly UnknownAttempt[],
  launcher: Pick<Launcher, 'inspect' | 'stop'>,
  graceMs: number,
  now: number,
): Promise<readonly number[]> {
  const stops = attempts.map(async ({ folder, marker, hasEnded, jobIsKnown }): Promise<readonly number[]> => {
    if (marker === null || (hasEnded && !jobIsKnown)) return []
    const found = await launcher.inspect(folder, marker, null)
    const identity = found.kind === 'alive' ? found.identity : { pid: 0, startTime: '' }
    const { survivors } = await launcher.stop(identity, marker, graceMs)
    return survivors.map(({ pid }) => pid)
  })
  const survivors = await Promise.all(stops)
  // Only now: a wrapper that still lived could leave its exit status to whoever gets the folder's name next.
  for (const { folder } of attempts) renameSync(folder, `${folder}.unknown-${now}`)
  return survivors.flat()
}

function markerIn(folder: string): string | null {
  try {
    return readFileSync(join(folder, 'marker'), 'utf8').trim() || null
  } catch {
    return null
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
