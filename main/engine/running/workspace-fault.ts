import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Diagnostic } from '../errors.ts'
import { finding } from '../score/finding.ts'
import { readYaml } from '../score/source.ts'
import type { LoadedScore } from './submission.ts'

/**
 * Why the workspace cannot be made or written to; null when it can (Marianne V002). Folders that are missing are no reason:
 * they are made when the job starts.
 */
export function workspaceFault({ score: { workspace }, text }: LoadedScore): Diagnostic | null {
  const why = hindranceIn(workspace)
  if (why === null) return null
  const place = readYaml(text).source?.place(['workspace']) ?? { line: 1, column: 1 }
  return finding('V002', `The workspace ${workspace} cannot be used: ${why}.`, 'Choose another `workspace`.', place)
}

/** What is wrong with the nearest folder that is there. */
function hindranceIn(path: string): string | null {
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    if (!found && dirname(path) !== path) return hindranceIn(dirname(path))
    if (!found?.isDirectory()) return `${path} is not a folder`
    accessSync(path, constants.W_OK | constants.X_OK)
    return null
  } catch {
    return `${path} may not be written`
  }
}
