import { FermataError } from '../errors.ts'

/** What a full disk looks like from here. */
const FULL: ReadonlySet<string> = new Set(['DISK_FULL', 'DATABASE_INACCESSIBLE'])

/** Why what happens to a job cannot be saved, as the end of a sentence. */
export function whyUnsaved(error: unknown): string {
  return error instanceof FermataError && !FULL.has(error.code) ? error.message.replace(/\.$/, '') : 'is the disk full?'
}
