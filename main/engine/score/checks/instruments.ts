import type { Diagnostic } from '../../errors.ts'
import { nameOf } from '../explain.ts'
import { finding } from '../finding.ts'
import type { Path } from '../source.ts'
import type { Parts } from './parts.ts'

const INSTEAD = {
  anthropic_api: '`instrument: claude-code`',
  ollama: 'an instrument that can use a local model, such as `instrument: opencode`',
  recursive_light: '`instrument: claude-code`',
}

export function* instrumentErrors({ score, sheet, source }: Parts): Generator<Diagnostic> {
  const type = score.backend?.type ?? 'claude_cli'
  if (type !== 'claude_cli') {
    const named = score.instrument !== null && score.instrument !== undefined
    const message = named
      ? `\`backend.type\` says ${type}, but \`instrument\` says ${score.instrument}.`
      : `There is no instrument for \`backend.type: ${type}\`.`
    const remedy = named ? 'Remove `backend.type`.' : `Remove \`backend\` and use ${INSTEAD[type]}.`
    yield finding('SCORE_VALUE', message, remedy, source.place(['backend', 'type']))
  }
  const owners = new Map<number, string>()
  for (const [name, sheets] of Object.entries(sheet.instrument_map ?? {})) {
    for (const [index, number] of sheets.entries()) {
      const owner = owners.get(number)
      owners.set(number, name)
      if (owner === undefined || owner === name) continue
      const message = `Sheet ${number} is given to \`${owner}\` and to \`${name}\`.`
      const place = source.place(['sheet', 'instrument_map', name, index])
      yield finding('SCORE_VALUE', message, 'Leave it in one of the two lists.', place)
    }
  }
}

const MINUTE = 60
const FOUR_HOURS = 4 * 3600
/** Instruments that do not think: a short time is meant. */
const QUICK = ['cli', 'rehearsal']

/** Times that agents hardly keep to (Marianne V103, V104). */
export function* timeRemarks(parts: Parts): Generator<Diagnostic> {
  const { score, source } = parts
  for (const { path, seconds, instrument } of timesOf(parts)) {
    const name = instrument ?? score.instrument ?? ''
    const quick = QUICK.includes(score.instruments?.[name]?.profile ?? name)
    if (seconds < MINUTE && !quick) {
      const message = `\`${nameOf(path)}\` gives an agent ${seconds} s; few finish within a minute.`
      yield finding('V103', message, 'Raise it, unless the work is that small.', source.place(path), 'warning')
    } else if (seconds > FOUR_HOURS) {
      const message = `\`${nameOf(path)}\` lets one attempt run for more than 4 hours.`
      const remedy = 'You can leave it; `stale_detection` ends attempts that hang earlier.'
      yield finding('V104', message, remedy, source.place(path), 'info')
    }
  }
}

interface Time {
  readonly path: Path
  readonly seconds: number
  /** Whose time it is, where it is not that of the whole score. */
  readonly instrument?: string | null | undefined
}

function* timesOf({ score, sheet }: Parts): Generator<Time> {
  const own = sheet.per_sheet_instruments ?? {}
  const given: readonly (readonly [Path, { readonly timeout_seconds: number | null } | null | undefined, (string | null)?])[] = [
    [['instrument_config'], score.instrument_config],
    ...entries(score.movements).map(
      ([key, one]) => [['movements', key, 'instrument_config'], one.instrument_config, one.instrument] as const,
    ),
    ...entries(score.instruments).map(([key, { config, profile }]) => [['instruments', key, 'config'], config, profile] as const),
    ...entries(sheet.per_sheet_instrument_config).map(
      ([key, config]) => [['sheet', 'per_sheet_instrument_config', key], config, own[key] ?? null] as const,
    ),
    [['backend'], score.backend],
    ...entries(score.backend?.sheet_overrides).map(([key, config]) => [['backend', 'sheet_overrides', key], config] as const),
  ]
  for (const [path, config, instrument] of given) {
    if (config?.timeout_seconds) yield { path: [...path, 'timeout_seconds'], seconds: config.timeout_seconds, instrument }
  }
  for (const [key, seconds] of entries(score.backend?.timeout_overrides))
    yield { path: ['backend', 'timeout_overrides', key], seconds }
}

const entries = <Value>(map: Readonly<Record<string, Value>> | undefined) => Object.entries(map ?? {})
