import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { z } from 'zod'
import { FermataError } from '../errors.ts'
import { DEFAULT_SETTINGS, type Settings, settingsSchema } from './settings.ts'

/** The settings of a data folder, read once and kept in `settings.json`. */
export interface SettingsFile {
  current(): Settings
  /**
   * Changes what is named and keeps the rest.
   * @throws FermataError SETTINGS_INVALID naming each value that is not possible, SETTINGS_UNWRITABLE
   */
  change(patch: Readonly<Record<string, unknown>>): Settings
}

/** Opens `file` (absolute path). What cannot be read is told, and the defaults hold; the file is not touched. */
export function openSettings(file: string, onProblem: (message: string, error?: unknown) => void): SettingsFile {
  let settings = read(file, onProblem)
  return {
    current: () => settings,
    change(patch) {
      const checked = settingsSchema.safeParse({ ...settings, ...patch })
      if (!checked.success) throw new FermataError('SETTINGS_INVALID', `Not possible: ${said(checked.error)}.`)
      write(file, checked.data)
      settings = checked.data
      return settings
    },
  }
}

function read(file: string, onProblem: (message: string, error?: unknown) => void): Settings {
  if (!existsSync(file)) return DEFAULT_SETTINGS
  try {
    const checked = settingsSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
    if (checked.success) return checked.data
    onProblem(`${file} is not right: ${said(checked.error)}. The default settings hold until it is mended.`)
  } catch (error) {
    onProblem(`${file} cannot be read. The default settings hold until it is mended.`, error)
  }
  return DEFAULT_SETTINGS
}

/** Whole or not at all: a computer that stops in between leaves the old one. */
function write(file: string, settings: Settings): void {
  try {
    writeFileSync(`${file}.part`, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600, flush: true })
    renameSync(`${file}.part`, file)
  } catch (cause) {
    throw new FermataError('SETTINGS_UNWRITABLE', `The settings cannot be saved in ${file}.`, {
      remedy: 'Check that its disk is not full and that the folder belongs to you.',
      cause,
    })
  }
}

const said = (error: z.ZodError): string =>
  error.issues.map(({ path, message }) => `${path.join('.') || 'the settings'}: ${message}`).join('; ')
