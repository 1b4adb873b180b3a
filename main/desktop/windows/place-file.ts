import { readFileSync, writeFileSync } from 'node:fs'
import { type Place, parsePlace } from './place.ts'

/** Reads what was kept; null on the first start. */
export function readPlace(file: string): Place | null {
  try {
    return parsePlace(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

/** Keeps the place. A disk that is full costs the window's place and nothing else. */
export function writePlace(file: string, place: Place): void {
  try {
    writeFileSync(file, JSON.stringify(place))
  } catch (error) {
    console.error('fermata: the place of the window could not be kept', error)
  }
}
