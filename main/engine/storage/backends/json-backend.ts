import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StorageError } from '../../errors.ts'
import type { JobRecord } from '../../ports.ts'
import { checkpointText, jobFromCheckpoint } from '../checkpoint.ts'
import type { StateBackend } from './state-backend.ts'

const PREFIX = '.fermata-state-'
const SUFFIX = '.json'

/** The checkpoint file of a job; archiving and clean-up leave `.fermata-*` alone. */
export const checkpointFile = (folder: string, jobId: string): string => join(folder, `${PREFIX}${jobId}${SUFFIX}`)

/**
 * A checkpoint file a job in `folder`, usually the workspace (Marianne §4.3). Written beside, synced, then renamed: a file
 * is whole or not there.
 *
 * @param owner absolute path of the data folder of the Fermata that plays the jobs it saves
 */
export function createJsonBackend(folder: string, owner = ''): StateBackend {
  const read = (file: string): JobRecord | null => {
    let text: string
    try {
      text = readFileSync(file, 'utf8')
    } catch (cause) {
      if (codeOf(cause) === 'ENOENT') return null
      throw failed('STATE_UNREADABLE', `The checkpoint ${file} cannot be read`, cause)
    }
    try {
      return jobFromCheckpoint(text)
    } catch (cause) {
      throw failed('STATE_CORRUPT', `The checkpoint ${file} is damaged or of another version`, cause)
    }
  }

  return {
    name: 'json',
    save(job) {
      const file = checkpointFile(folder, job.state.id)
      try {
        writeWhole(file, checkpointText(job, owner))
      } catch (cause) {
        throw failed('STATE_UNWRITABLE', `The checkpoint ${file} cannot be written`, cause)
      }
    },
    load: (jobId) => read(checkpointFile(folder, jobId)),
    list() {
      const jobs = filesIn(folder).flatMap((name) => {
        try {
          return read(join(folder, name)) ?? []
        } catch {
          return []
        }
      })
      return jobs.sort((a, b) => b.state.createdAt - a.state.createdAt)
    },
    delete(jobId) {
      try {
        rmSync(checkpointFile(folder, jobId))
        return true
      } catch (cause) {
        if (codeOf(cause) === 'ENOENT') return false
        throw failed('STATE_UNWRITABLE', `The checkpoint of "${jobId}" cannot be removed`, cause)
      }
    },
  }
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.startsWith(PREFIX) && name.endsWith(SUFFIX))
  } catch {
    return []
  }
}

function writeWhole(file: string, text: string): void {
  const beside = `${file}.tmp`
  const handle = openSync(beside, 'w', 0o600)
  try {
    // All of it: `writeSync` may stop half-way without a word, as when the disk is nearly full.
    writeFileSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(beside, file)
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : null)

function failed(code: string, message: string, cause: unknown): StorageError {
  const detail = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
  return new StorageError(code, `${message}: ${detail}.`, { remedy: 'The other jobs are not affected.', cause })
}
