import type { Part } from './fan-out.ts'
import type { InstrumentChoice, InstrumentConfig, Score } from './score.ts'

type Given = Readonly<Record<string, unknown>>

/** Which part of a score said something about a sheet's instrument; `map` is `sheet.instrument_map`. */
export type Origin = 'default' | 'backend' | 'score' | 'movement' | 'alias' | 'map' | 'sheet'

/** What a sheet is played on, and who said so. */
export interface Resolution {
  /** The instrument, then its fallbacks. */
  readonly choices: readonly [InstrumentChoice, ...InstrumentChoice[]]
  readonly nameFrom: Origin
  /** Who set a setting of the first choice. */
  settingFrom(key: string): Origin
}

interface Layer {
  readonly origin: Origin
  readonly config: Given | undefined
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
    const alias = score.instruments[name]
    const layers: readonly Layer[] = [
      ...backendLayers(score, sheet),
      { origin: 'score', config: score.instrument_config },
      { origin: 'movement', config: section?.instrument_config },
      { origin: 'alias', config: alias?.config },
      { origin: 'sheet', config: score.sheet.per_sheet_instrument_config[sheet] },
    ]
    const config = merged(layers)
    const fallback = (other: string): InstrumentChoice => {
      const { profile = other, config: own } = score.instruments[other] ?? {}
      // The model is the first instrument's; the time it may take is the sheet's.
      const time: Layer = { origin: 'sheet', config: { timeout_seconds: config.timeout_seconds } }
      return { instrument: profile, config: merged([time, { origin: 'alias', config: own }]) }
    }
    const backups = score.sheet.per_sheet_fallbacks[sheet] ?? section?.instrument_fallbacks ?? score.instrument_fallbacks
    return {
      choices: [{ instrument: alias?.profile ?? name, config }, ...backups.map(fallback)],
      nameFrom,
      settingFrom: (key) => layers.findLast((layer) => isSet(layer.config?.[key]))?.origin ?? 'default',
    }
  }
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
  const { cli_model, cli_extra_args, model, timeout_seconds, timeout_overrides, sheet_overrides } = backend
  const extra_args = cli_extra_args.length > 0 ? cli_extra_args : null
  const own = sheet_overrides[sheet]
  return [
    { origin: 'backend', config: { model: cli_model ?? model, timeout_seconds, extra_args } },
    { origin: 'backend', config: { timeout_seconds: timeout_overrides[sheet] } },
    { origin: 'backend', config: { model: own?.cli_model ?? own?.model, timeout_seconds: own?.timeout_seconds } },
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
