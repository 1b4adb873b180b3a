import { StorageError } from '../errors.ts'

const restart = 'Quit Fermata and start it again: it puts its last backup in the place of the file.'
const access = 'Check that the disk is there, that you may write to the folder, or choose another with --data-dir.'

/** Turns what SQLite (or the file system) threw about `file` into a StorageError that says what to do. StorageErrors pass unchanged. */
export function storageProblem(file: string, cause: unknown): StorageError {
  if (cause instanceof StorageError) return cause
  const code = codeOf(cause)
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) {
    return new StorageError('DATABASE_CORRUPT', `The file ${file} is damaged or is not a Fermata database.`, {
      remedy: restart,
      cause,
    })
  }
  if (code === 'SQLITE_FULL') {
    return new StorageError('DISK_FULL', `The disk is full: ${file} cannot grow.`, { remedy: 'Free some space.', cause })
  }
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    return new StorageError('DATABASE_BUSY', `Another program holds a lock on ${file}.`, {
      remedy: 'Close whatever else has the file open, such as a SQLite shell.',
      cause,
    })
  }
  const detail = cause instanceof Error ? cause.message : String(cause)
  if (/^SQLITE_(CANTOPEN|READONLY|IOERR|PERM|AUTH)/.test(code) || isFileSystemError(cause)) {
    return new StorageError('DATABASE_INACCESSIBLE', `${file} cannot be read or written: ${detail}.`, { remedy: access, cause })
  }
  return new StorageError('DATABASE_FAILED', `The database ${file} refused an operation: ${detail}.`, { cause })
}

/** Runs `work`; whatever it throws leaves as a StorageError about `file`. */
export function guarded<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw storageProblem(file, cause)
  }
}

/** By its code and not by its class: an error that comes from another thread has lost its own. */
function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
}

function isFileSystemError(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause
}
