import type { Diagnostic } from '../../errors.ts'
import { nameOf } from '../explain.ts'
import { sheetCount, stageCount } from '../fan-out.ts'
import { finding } from '../finding.ts'
import type { Path } from '../source.ts'
import { layoutOf, type Parts } from './parts.ts'

/** Entries for sheets that the score does not have (Marianne V212): nothing would ever look at them. */
export function* rangeWarnings(parts: Parts): Generator<Diagnostic> {
  const layout = layoutOf(parts)
  if (!layout) return
  const { score, sheet, validations, source } = parts
  const stages = stageCount(layout.sheet)
  const sheets = sheetCount(layout)
  const outside = (path: Path, number: number, last: number, place = source.keyPlace(path)) => {
    const border = number < 1 ? 'first one is 1' : `last one is ${last}`
    const message = `\`${nameOf(path)}\` is for sheet ${number}, but the ${border}.`
    const counted = last === sheets ? '' : ' It counts sheets before fan-out.'
    return finding('V212', message + counted, 'Correct the number, or remove it.', place, 'warning')
  }
  const beforeFanOut: readonly (readonly [Path, object | undefined])[] = [
    [['sheet', 'skip_when'], sheet.skip_when],
    [['sheet', 'skip_when_command'], sheet.skip_when_command],
    [['sheet', 'fan_out'], sheet.fan_out],
    [['movements'], score.movements],
  ]
  const afterFanOut: readonly (readonly [Path, object | undefined])[] = [
    [['sheet', 'descriptions'], sheet.descriptions],
    [['sheet', 'cadenzas'], sheet.cadenzas],
    [['sheet', 'per_sheet_instruments'], sheet.per_sheet_instruments],
    [['sheet', 'per_sheet_instrument_config'], sheet.per_sheet_instrument_config],
    [['sheet', 'per_sheet_fallbacks'], sheet.per_sheet_fallbacks],
    [['backend', 'timeout_overrides'], score.backend?.timeout_overrides],
    [['backend', 'sheet_overrides'], score.backend?.sheet_overrides],
  ]
  for (const [maps, last] of [[beforeFanOut, stages] as const, [afterFanOut, sheets] as const]) {
    for (const [path, map] of maps) {
      for (const number of Object.keys(map ?? {}))
        if (Number(number) > last) yield outside([...path, number], Number(number), last)
    }
  }
  const lists: readonly (readonly [Path, readonly number[] | null])[] = [
    ...Object.entries(sheet.instrument_map ?? {}).map(([name, list]) => [['sheet', 'instrument_map', name], list] as const),
    ...(score.checkpoints?.triggers ?? []).map(
      ({ sheet_nums }, index) => [['checkpoints', 'triggers', index, 'sheet_nums'], sheet_nums] as const,
    ),
  ]
  for (const [path, list] of lists) {
    for (const [index, number] of (list ?? []).entries()) {
      if (number < 1 || number > sheets) yield outside(path, number, sheets, source.place([...path, index]))
    }
  }
  for (const [index, rule] of validations.entries()) {
    const path = ['validations', index, 'sheet']
    if (rule?.sheet && rule.sheet > sheets) yield outside(path, rule.sheet, sheets, source.place(path))
  }
}
