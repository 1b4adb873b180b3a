import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, resolve } from 'node:path'
import { LaunchError } from '../errors.ts'

/** What POSIX systems search when PATH is unset. */
const defaultPath = '/usr/bin:/bin'

/**
 * Absolute path of a program, searched the way `execvp` does: a name with a slash is taken relative to `cwd`, any other
 * is looked for on `path` (empty entries mean `cwd`).
 * @throws LaunchError INSTRUMENT_NOT_FOUND or INSTRUMENT_NOT_EXECUTABLE.
 */
export async function findProgram(name: string, path: string | undefined, cwd: string): Promise<string> {
  const searched = name.includes('/') ? null : (path ?? defaultPath)
  const candidates =
    searched === null ? [resolve(cwd, name)] : searched.split(delimiter).map((entry) => resolve(cwd, entry, name))
  let blocked: string | null = null
  for (const candidate of name === '' ? [] : candidates) {
    if (!(await isFile(candidate))) continue
    if (await isExecutable(candidate)) return candidate
    blocked ??= candidate
  }
  if (blocked !== null) {
    throw new LaunchError('INSTRUMENT_NOT_EXECUTABLE', `The program ${blocked} may not be executed.`, {
      remedy: `Make it executable: chmod +x '${blocked}'`,
    })
  }
  throw new LaunchError(
    'INSTRUMENT_NOT_FOUND',
    searched === null ? `There is no program ${candidates[0]}.` : `The program "${name}" is not installed, or not on the PATH.`,
    {
      remedy: `Install it, or give its full path in the instrument's profile.${searched === null ? '' : ` Searched: ${searched}`}`,
    },
  )
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  )
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
