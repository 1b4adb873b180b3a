import type { JobStore } from '../ports.ts'
import type { Backups } from './backups.ts'
import type { OpenDatabase } from './database.ts'
import { guarded } from './sqlite-problem.ts'

/** A store that writes only where the next Fermata will find it, and whose writes get into the backup. */
export function safeguarded(store: JobStore, database: OpenDatabase, backups: Pick<Backups, 'changed'>): JobStore {
  const kept =
    <A extends unknown[], R>(write: (...args: A) => R) =>
    (...args: A): R => {
      guarded(database.file, () => database.assertInPlace())
      const answer = write(...args)
      backups.changed()
      return answer
    }
  return {
    ...store,
    insert: kept(store.insert),
    commit: kept(store.commit),
    replace: kept(store.replace),
    saveAttempt: kept(store.saveAttempt),
    remove: kept(store.remove),
  }
}
