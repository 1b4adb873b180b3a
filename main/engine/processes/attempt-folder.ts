import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The files of an attempt. Everything that has to outlive Fermata is in here. */
interface AttemptFiles {
  readonly prompt: string
  readonly stdout: string
  readonly stderr: string
  /** The wrapper's pid, there before the command starts. */
  readonly pid: string
  /** The command's exit status, there after it ended. */
  readonly exit: string
}

/** Absolute paths of the files in an attempt's folder. */
export function attemptFiles(folder: string): AttemptFiles {
  return {
    prompt: join(folder, 'prompt'),
    stdout: join(folder, 'stdout'),
    stderr: join(folder, 'stderr'),
    pid: join(folder, 'pid'),
    exit: join(folder, 'exit'),
  }
}

/** The exit status (128 + n for signal n) the wrapper recorded, or null while there is none. */
export function readExitStatus(folder: string): Promise<number | null> {
  return readNumber(attemptFiles(folder).exit)
}

/** The pid the wrapper recorded, or null while there is none. It may belong to another process by now. */
export function readWrapperPid(folder: string): Promise<number | null> {
  return readNumber(attemptFiles(folder).pid)
}

async function readNumber(file: string): Promise<number | null> {
  const text = await readFile(file, 'utf8').catch(() => '')
  // The newline is written last: without it the number may be cut short.
  return /^\d+\n$/.test(text) ? Number(text) : null
}
