import type { Diagnostic } from '../errors.ts'
import { nameOf } from './explain.ts'
import { finding, firstFindings, wordList } from './finding.ts'
import type { ScoreFile } from './schema/index.ts'
import { type Path, readYaml } from './source.ts'
import { closest } from './suggest.ts'

/**
 * Names of instruments that nothing answers to (Marianne V210, V211 for fallbacks).
 * @param names the instruments there are; the score's own aliases are known without
 * @param text the score file's text, for the places
 */
export function checkInstruments(score: ScoreFile, names: readonly string[], text: string): readonly Diagnostic[] {
  const { source } = readYaml(text)
  const known = [...names, ...Object.keys(score.instruments)]
  function* unknown(): Generator<Diagnostic> {
    for (const { path, name, code, key } of namesIn(score)) {
      const usable = path[0] === 'instruments' ? names : known
      if (!source || usable.includes(name)) continue
      const near = closest(name, usable)
      const remedy = near ? `Did you mean \`${near}\`?` : `Use one of ${wordList(names)}.`
      const place = key ? source.keyPlace(path) : source.place(path)
      yield finding(code, `\`${nameOf(path)}\`: there is no instrument \`${name}\`.`, remedy, place, 'warning')
    }
  }
  return firstFindings(unknown())
}

interface Use {
  readonly path: Path
  readonly name: string
  readonly code: 'V210' | 'V211'
  /** The name is the key at the end of the path. */
  readonly key?: boolean
}

function* namesIn({ instrument, instruments, movements, instrument_fallbacks, sheet }: ScoreFile): Generator<Use> {
  if (instrument !== null) yield { path: ['instrument'], name: instrument, code: 'V210' }
  yield* listed(['instrument_fallbacks'], instrument_fallbacks)
  for (const [alias, { profile }] of Object.entries(instruments))
    yield { path: ['instruments', alias, 'profile'], name: profile, code: 'V210' }
  for (const [number, movement] of Object.entries(movements)) {
    const path = ['movements', number]
    if (movement.instrument !== null) yield { path: [...path, 'instrument'], name: movement.instrument, code: 'V210' }
    yield* listed([...path, 'instrument_fallbacks'], movement.instrument_fallbacks ?? [])
  }
  for (const [number, name] of Object.entries(sheet.per_sheet_instruments))
    yield { path: ['sheet', 'per_sheet_instruments', number], name, code: 'V210' }
  for (const name of Object.keys(sheet.instrument_map))
    yield { path: ['sheet', 'instrument_map', name], name, code: 'V210', key: true }
  for (const [number, list] of Object.entries(sheet.per_sheet_fallbacks))
    yield* listed(['sheet', 'per_sheet_fallbacks', number], list)
}

function* listed(path: Path, list: readonly string[]): Generator<Use> {
  for (const [index, name] of list.entries()) yield { path: [...path, index], name, code: 'V211' }
}
