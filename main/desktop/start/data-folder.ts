import { FermataError, makeFolder } from '../../engine/index.ts'

/**
 * Makes the data folder if need be.
 *
 * @throws FermataError DATA_DIR when it cannot be made
 */
export function makeDataFolder(path: string): void {
  try {
    makeFolder(path, 0o700)
  } catch (cause) {
    throw new FermataError('DATA_DIR', `The data folder ${path} cannot be created.`, {
      remedy: 'Name another one, or check who may write there.',
      cause,
    })
  }
}
