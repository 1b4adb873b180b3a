import type { Part } from './fan-out.ts'
import type { InstrumentChoice, InstrumentConfig, Score } from './score.ts'
import type { Path } from './source.ts'

type Given = Readonly<Record<string, unknown>>

/** Who said something: a part of the score (`map` is `sheet.instrument_map`), or whoever submits it (`option`). */
export type Origin = 'option' | 'default' | 'backend' | 'score' | 'movement' | 'alias' | 'map' | 'sheet'

/** What a sheet is played on, and who said so. */
export interface Resolution {
  /** The instrument, then its fallbacks. */
  readonly choices: readonly [InstrumentChoice, ...InstrumentChoice[]]
  readonly nameFrom: Origin
  /** Who set a setting of the first choice. */
  settingFrom(key: string): Origin
  /** Where in the score a setting of a choice (0 is the first) stands. */
  settingPath(choice: number, key: string): Path
}

interface Layer {
  readonly origin: Origin
  readonly config: Given | undefined
  /** Where it stands in the score. */
  readonly path: Path
  /** Its words for settings, where they are not those of `instrument_config`. */
  readonly words?: Readonly<Record<string, string>>
}

/** Prepares to tell for each sheet what it is played on (Marianne §8.2). */
export function instrumentsOf(score: Score): (sheet: number, part: Pick<Part, 'movement'>) => Resolution {
  const map = Object.entries(score.sheet.instrument_map).flatMap(([name, sheets]) =>
    sheets.map((sheet) => [sheet, name] as const),
  )
  const mapped = new Map(map)
  return (sheet, { movement }) => {
    const section = score.movements[movement]
    const [name, nameFrom] = nameFor(score, sheet, movement, mapped)
    const aliasLayer = (alias: string): Layer => ({
      origin: 'alias',
      config: score.instruments[alias]?.config,
      path: ['instruments', alias, 'config'],
    })
    const first: readonly Layer[] = [
      ...backendLayers(score, sheet),
      { origin: 'score', config: score.instrument_config, path: ['instrument_config'] },
      { origin: 'movement', config: section?.instrument_config, path: ['movements', String(movement), 'instrument_config'] },
      aliasLayer(name),
      {
        origin: 'sheet',
        config: score.sheet.per_sheet_instrument_config[sheet],
        path: ['sheet', 'per_sheet_instrument_config', String(sheet)],
      },
    ]
    const backups = score.sheet.per_sheet_fallbacks[sheet] ?? section?.instrument_fallbacks ?? score.instrument_fallbacks
    const general = backups.length > 0 ? first.map(forBackup) : []
    const layersOf = (named: string, index: number) => (index === 0 ? first : [...general, aliasLayer(named)])
    const choice = (named: string, index: number): InstrumentChoice => ({
      instrument: score.instruments[named]?.profile ?? named,
      config: merged(layersOf(named, index)),
    })
    const setBy = (index: number, key: string) =>
      layersOf(backups[index - 1] ?? name, index).findLast(({ config }) => isSet(config?.[key]))
    return {
      choices: [choice(name, 0), ...backups.map((backup, index) => choice(backup, index + 1))],
      nameFrom,
      settingFrom: (key) => setBy(0, key)?.origin ?? 'default',
      settingPath(index, key) {
        const layer = setBy(index, key)
        return layer ? [...layer.path, layer.words?.[key] ?? key] : []
      },
    }
  }
}

/** The model is the first instrument's; the time it may take, and that it has to ask before it acts, are the sheet's. */
function forBackup(layer: Layer): Layer {
  const { timeout_seconds, auto_approve } = layer.config ?? {}
  return { ...layer, config: layer.origin === 'alias' ? { timeout_seconds } : { timeout_seconds, auto_approve } }
}

const isSet = (value: unknown) => value !== null && value !== undefined

/** Settings of the later ones win; a setting left empty leaves the earlier one. */
function merged(layers: readonly Layer[]): InstrumentConfig {
  const result: Record<string, unknown> = { model: null, timeout_seconds: null }
  for (const { config } of layers) {
    for (const [key, value] of Object.entries(config ?? {})) if (isSet(value)) result[key] = value
  }
  return result as InstrumentConfig
}

/** The legacy `backend` section in the words of `instrument_config` (Marianne §7.6, §8.4). */
function backendLayers({ backend }: Score, sheet: number): Layer[] {
  if (!backend) return []
  const { cli_model, cli_extra_args, model, timeout_seconds, timeout_overrides, sheet_overrides, skip_permissions } = backend
  const extra_args = cli_extra_args.length > 0 ? cli_extra_args : null
  const auto_approve = skip_permissions ? null : false
  const own = sheet_overrides[sheet]
  const modelWord = (given: typeof own | typeof backend) => ({ model: isSet(given?.cli_model) ? 'cli_model' : 'model' })
  return [
    {
      origin: 'backend',
      config: { model: cli_model ?? model, timeout_seconds, extra_args, auto_approve },
      path: ['backend'],
      words: { ...modelWord(backend), extra_args: 'cli_extra_args', auto_approve: 'skip_permissions' },
    },
    {
      origin: 'backend',
      config: { timeout_seconds: timeout_overrides[sheet] },
      path: ['backend', 'timeout_overrides'],
      words: { timeout_seconds: String(sheet) },
    },
    {
      origin: 'backend',
      config: { model: own?.cli_model ?? own?.model, timeout_seconds: own?.timeout_seconds },
      path: ['backend', 'sheet_overrides', String(sheet)],
      words: modelWord(own),
    },
  ]
}

/** The name a sheet's instrument goes by: its own, that of `instrument_map`, of its movement, of the score (Marianne §8.2). */
function nameFor(score: Score, sheet: number, movement: number, mapped: ReadonlyMap<number, string>): readonly [string, Origin] {
  const candidates = [
    [score.sheet.per_sheet_instruments[sheet], 'sheet'],
    [mapped.get(sheet), 'map'],
    [score.movements[movement]?.instrument, 'movement'],
  ] as const
  for (const [name, origin] of candidates) if (typeof name === 'string') return [name, origin]
  return [score.instrument, 'score']
}
