import { statSync } from 'node:fs'
import type { Clock, Disposer } from '../ports.ts'
import { backUp } from './backup.ts'
import { backupOf } from './restore.ts'

/** At most this much is lost when the database is. */
const EVERY_MS = 5 * 60_000
/** An older backup is made anew after the start: the database has just proved to be whole. */
const OLD_MS = 60 * 60_000
/** The start has other work to do. */
const AFTER_START_MS = 10_000
/** Nobody who quits waits longer. */
const CLOSE_MS = 2000

/** Keeps the backup of a database up to date while it is open. */
export interface Backups {
  /** Something was written: there will be a backup of it within five minutes. */
  changed(): void
  /** Makes the last backup if something has changed; waits 2 s for it at most. The database must still be open. Never rejects. */
  close(): Promise<void>
}

export interface BackupsOptions {
  readonly clock: Clock
  /** A backup could not be made. Told once until one succeeds; no job is affected. */
  onProblem(message: string, error: unknown): void
}

/** @param file absolute path of the open database */
export function startBackups(file: string, { clock, onProblem }: BackupsOptions): Backups {
  let isDue = clock.now() - madeAt(file) > OLD_MS
  let isFailing = false
  let isClosed = false
  /** One after another. */
  let work: Promise<void> = Promise.resolve()
  let disposeTimer: Disposer | null = null
  const tooLate = new AbortController()

  function plan(ms: number): void {
    if (isClosed) return
    disposeTimer ??= clock.after(ms, () => {
      disposeTimer = null
      work = work.then(make)
    })
  }

  async function make(): Promise<void> {
    isDue = false
    try {
      await backUp(file, tooLate.signal)
      isFailing = false
    } catch (error) {
      if (tooLate.signal.aborted) return
      if (!isFailing)
        onProblem('The database could not be backed up. Fermata tries again in 5 minutes; no job is affected.', error)
      isFailing = true
      isDue = true
      plan(EVERY_MS)
    }
  }

  if (isDue) plan(AFTER_START_MS)
  return {
    changed() {
      isDue = true
      plan(EVERY_MS)
    },
    async close() {
      isClosed = true
      disposeTimer?.()
      const disposeDeadline = clock.after(CLOSE_MS, () => tooLate.abort())
      await work
      if (isDue && !tooLate.signal.aborted) await make()
      disposeDeadline()
    },
  }
}

/** Epoch ms; 0 when there is none. */
const madeAt = (file: string): number => statSync(backupOf(file), { throwIfNoEntry: false })?.mtimeMs ?? 0
