import { mkdirSync } from 'node:fs'
import { FermataError } from '../../engine/index.ts'

/**
 * Makes the data folder if need be.
 *
 * @throws FermataError DATA_DIR when it cannot be made
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new FermataError('DATA_DIR', `The data folder ${path} cannot be created.`, {
      remedy: 'Name another one, or check who may write there.',
      cause,
    })
  }
}
