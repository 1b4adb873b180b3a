import { copyFileSync, readFileSync } from 'node:fs'
import type { z } from 'zod'
import { FermataError } from '../errors.ts'
import { replaceFile } from '../replace-file.ts'
import { DEFAULT_SETTINGS, type Settings, settingsSchema } from './settings.ts'

/** The settings of a data folder, kept in `settings.json`; what its user writes there by hand holds from then on. */
export interface SettingsFile {
  current(): Settings
  /**
   * Changes what is named and keeps the rest.
   * @throws FermataError SETTINGS_INVALID naming each value that is not possible, SETTINGS_UNWRITABLE
   */
  change(patch: Readonly<Record<string, unknown>>): Settings
}

type Tell = (message: string, error?: unknown) => void

/** When it cannot be read what its user wants, nothing is begun without them. */
const UNSURE: Settings = { ...DEFAULT_SETTINGS, onReturn: 'ask' }

/** Opens `file` (absolute path). What is not right in it is told; the rest of it holds. */
export function openSettings(file: string, onProblem: Tell): SettingsFile {
  let content = contentOf(file)
  let { settings, isWhole } = readSettings(file, content, null, onProblem)

  /** Somebody may have written the file by hand meanwhile. */
  function current(): Settings {
    const before = content
    content = contentOf(file)
    if (!isSame(content, before)) ({ settings, isWhole } = readSettings(file, content, settings, onProblem))
    return settings
  }

  return {
    current,
    change(patch) {
      const checked = settingsSchema.safeParse({ ...current(), ...patch })
      if (!checked.success) throw new FermataError('SETTINGS_INVALID', `Not possible: ${said(checked.error)}.`)
      write(file, checked.data, isWhole)
      if (!isWhole) onProblem(`What stood in ${file} was not right; it is kept as ${file}.faulty.`)
      content = contentOf(file)
      isWhole = true
      settings = checked.data
      return settings
    },
  }
}

/** What stands in the file; null when there is none, an error when it cannot be read. */
function contentOf(file: string): string | null | Error {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return 'code' in error && error.code === 'ENOENT' ? null : error
  }
}

const isSame = (one: string | null | Error, other: string | null | Error): boolean =>
  one instanceof Error && other instanceof Error ? one.message === other.message : one === other

/** @param held the settings that held until now, and hold on when the file says nothing any more; null at the start */
function readSettings(
  file: string,
  content: string | null | Error,
  held: Settings | null,
  onProblem: Tell,
): { settings: Settings; isWhole: boolean } {
  if (content === null) return { settings: held ?? DEFAULT_SETTINGS, isWhole: true }
  try {
    if (content instanceof Error) throw content
    const found: unknown = JSON.parse(content.replace(/^\uFEFF/, ''))
    const checked = settingsSchema.safeParse(found)
    if (checked.success) return { settings: checked.data, isWhole: true }
    onProblem(`${file} is not right: ${said(checked.error)}. The rest of it holds.`)
    return { settings: partly(found, held), isWhole: false }
  } catch (error) {
    const until = held ? 'what held before holds' : 'the usual settings hold, and jobs wait for you when Fermata comes back'
    onProblem(`${file} cannot be read. Until it is mended ${until}.`, error)
    return { settings: held ?? UNSURE, isWhole: false }
  }
}

/** Each value that is possible. */
function partly(found: unknown, held: Settings | null): Settings {
  const values = typeof found === 'object' && found !== null ? found : {}
  const isRight = (key: string, value: unknown) => settingsSchema.partial().safeParse({ [key]: value }).success
  // A limit that cannot be read must not be none: what held before holds for it.
  const kept = Object.entries(values).map(([key, value]) =>
    isRight(key, value) ? [key, value] : [key, held?.[key as keyof Settings]],
  )
  const settings = settingsSchema.parse(Object.fromEntries(kept.filter(([, value]) => value !== undefined)))
  const isUnsure = Object.entries(values).some(([key, value]) => /^(onReturn|day)/.test(key) && !isRight(key, value))
  // Nobody knows what may be used today: nothing goes on by itself.
  return isUnsure && held === null ? { ...settings, onReturn: 'ask' } : settings
}

/** A faulty file is kept beside it. */
function write(file: string, settings: Settings, isWhole: boolean): void {
  try {
    if (!isWhole) copyFileSync(file, `${file}.faulty`)
    replaceFile(file, `${JSON.stringify(settings, null, 2)}\n`)
  } catch (cause) {
    throw new FermataError('SETTINGS_UNWRITABLE', `The settings cannot be saved in ${file}.`, {
      remedy: 'Check that its disk is not full and that the folder belongs to you.',
      cause,
    })
  }
}

const said = (error: z.ZodError): string =>
  error.issues.map(({ path, message }) => `${path.join('.') || 'the settings'}: ${message}`).join('; ')
