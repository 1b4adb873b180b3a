import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
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

type Tell = (message: string, error?: unknown) => void

/** When it cannot be read what its user wants, nothing is begun without them. */
const UNSURE: Settings = { ...DEFAULT_SETTINGS, onReturn: 'ask' }

/** Opens `file` (absolute path). What is not right in it is told; the rest of it holds. */
export function openSettings(file: string, onProblem: Tell): SettingsFile {
  const read = readSettings(file, onProblem)
  let { settings } = read
  let isWhole = read.isWhole
  return {
    current: () => settings,
    change(patch) {
      const checked = settingsSchema.safeParse({ ...settings, ...patch })
      if (!checked.success) throw new FermataError('SETTINGS_INVALID', `Not possible: ${said(checked.error)}.`)
      write(file, checked.data, isWhole)
      isWhole = true
      settings = checked.data
      return settings
    },
  }
}

function readSettings(file: string, onProblem: Tell): { settings: Settings; isWhole: boolean } {
  if (!existsSync(file)) return { settings: DEFAULT_SETTINGS, isWhole: true }
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''))
    const checked = settingsSchema.safeParse(found)
    if (checked.success) return { settings: checked.data, isWhole: true }
    onProblem(`${file} is not right: ${said(checked.error)}. The rest of it holds.`)
    return { settings: partly(found), isWhole: false }
  } catch (error) {
    onProblem(
      `${file} cannot be read. Until it is mended the usual settings hold, and jobs wait for you when Fermata comes back.`,
      error,
    )
    return { settings: UNSURE, isWhole: false }
  }
}

/** Each value that is possible. */
function partly(found: unknown): Settings {
  const values = typeof found === 'object' && found !== null ? found : {}
  const kept = Object.entries(values).filter(([key, value]) => settingsSchema.partial().safeParse({ [key]: value }).success)
  const settings = settingsSchema.parse(Object.fromEntries(kept))
  return 'onReturn' in values && !kept.some(([key]) => key === 'onReturn') ? { ...settings, onReturn: 'ask' } : settings
}

/** Whole or not at all: a computer that stops in between leaves the old one. A faulty file is kept beside it. */
function write(file: string, settings: Settings, isWhole: boolean): void {
  try {
    if (!isWhole) copyFileSync(file, `${file}.faulty`)
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
