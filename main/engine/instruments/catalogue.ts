import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { JobSubmissionError } from '../errors.ts'
import { closest } from '../score/suggest.ts'
import type { InstrumentProfile } from './profile.ts'
import { type ProfileNote, type ProfileProblem, type ProfileReading, readProfile } from './read-profile.ts'

/** Bytes. */
const longestProfile = 1024 * 1024

/** The instruments there are. */
export interface Catalogue {
  /** @throws JobSubmissionError when there is none of this name, or its profile is broken. */
  get(name: string): InstrumentProfile
  /** In order of their names. */
  list(): readonly InstrumentProfile[]
  /** Everything wrong with the files that were read. */
  readonly problems: readonly ProfileProblem[]
  /** What to know of profiles that can be used. */
  readonly notes: readonly ProfileNote[]
}

/**
 * Reads every `*.yaml` of the folders; a profile replaces one of the same name from an earlier folder. A missing folder holds
 * nothing. A broken profile becomes a problem and hurts no other; it does not let an earlier one of its name through, since its
 * author did not want that one.
 */
export async function loadCatalogue(folders: readonly string[]): Promise<Catalogue> {
  const profiles = new Map<string, InstrumentProfile>()
  const broken = new Map<string, ProfileProblem>()
  const problems: ProfileProblem[] = []
  const notes: ProfileNote[] = []

  for (const folder of folders) {
    const fileOf = new Map<string, string>()
    for (const file of await profileFiles(folder)) {
      const reading = await readFileAsProfile(file)
      if ('profile' in reading) {
        const { name } = reading.profile
        const other = fileOf.get(name)
        if (other !== undefined) {
          problems.push({
            ...startOf(file),
            message: `"${name}" is defined by ${basename(other)} already.`,
            remedy: 'Rename one.',
          })
          continue
        }
        fileOf.set(name, file)
        profiles.set(name, reading.profile)
        notes.push(...reading.notes)
        broken.delete(name)
      } else {
        const name = reading.name ?? basename(file, '.yaml')
        problems.push(...reading.problems)
        broken.set(name, reading.problems[0] ?? { ...startOf(file), message: 'The profile cannot be read.', remedy: null })
        profiles.delete(name)
      }
    }
  }

  const names = [...profiles.keys()].sort()
  return {
    problems,
    notes,
    list: () => names.flatMap((name) => profiles.get(name) ?? []),
    get(name) {
      const profile = profiles.get(name)
      if (profile !== undefined) return profile
      const problem = broken.get(name)
      if (problem !== undefined) {
        throw new JobSubmissionError(
          'INSTRUMENT_BROKEN',
          `The profile of the instrument "${name}" is broken: ${problem.file}:${problem.line}:${problem.column}: ${problem.message}`,
          { remedy: problem.remedy ?? 'Correct the file.' },
        )
      }
      const near = closest(name, names)
      throw new JobSubmissionError('INSTRUMENT_UNKNOWN', `There is no instrument named "${name}".`, {
        remedy: `${near === null ? '' : `Did you mean "${near}"? `}There are: ${names.join(', ')}.`,
      })
    },
  }
}

async function profileFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(folder, name))
}

async function readFileAsProfile(file: string): Promise<ProfileReading> {
  const refuse = (message: string): ProfileReading => ({ problems: [{ ...startOf(file), message, remedy: null }], name: null })
  try {
    const { size } = await stat(file)
    if (size > longestProfile) return refuse('The file is far too large for a profile.')
    return readProfile(await readFile(file, 'utf8'), file)
  } catch (error) {
    return refuse(`The file cannot be read: ${error instanceof Error ? error.message : error}`)
  }
}

function startOf(file: string) {
  return { file, line: 1, column: 1 }
}
