import { resolve } from 'node:path'
import { FermataError } from '../../engine/index.ts'

/** The command line of the desktop app. */
export interface StartOptions {
  /** Absolute path of the folder everything is kept in, or null for the system's usual place. */
  readonly dataDir: string | null
  /** Absolute paths of the scores to run. */
  readonly scorePaths: readonly string[]
}

/**
 * Reads `[--data-dir DIR] [SCORE…]`. Other flags are left alone: they are Chromium's.
 *
 * @param args the command line without the program
 * @param cwd relative paths are resolved against it
 * @param appPath the app's own folder, which a development start names among the arguments
 * @throws FermataError START_OPTION when `--data-dir` names no folder
 */
export function startOptions(args: readonly string[], cwd: string, appPath: string): StartOptions {
  const flag = '--data-dir'
  const scorePaths: string[] = []
  let dataDir: string | null = null
  const rest = args.values()
  for (const arg of rest) {
    if (arg === flag || arg.startsWith(`${flag}=`)) {
      const value = arg === flag ? rest.next().value : arg.slice(flag.length + 1)
      if (!value || value.startsWith('-')) {
        throw new FermataError('START_OPTION', `${flag} names no folder.`, { remedy: `Write ${flag} FOLDER.` })
      }
      dataDir = resolve(cwd, value)
    } else if (!arg.startsWith('-') && resolve(cwd, arg) !== resolve(appPath)) {
      scorePaths.push(resolve(cwd, arg))
    }
  }
  return { dataDir, scorePaths }
}
