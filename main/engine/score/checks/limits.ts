import type { Diagnostic } from '../../errors.ts'
import { voicesOf } from '../fan-out.ts'
import { finding } from '../finding.ts'
import { layoutOf, type Parts } from './parts.ts'

export function* limitErrors({ score, source }: Parts): Generator<Diagnostic> {
  const { cost_limits: cost, stale_detection: stale } = score
  if (cost?.enabled && cost.max_cost_per_sheet === null && cost.max_cost_per_job === null) {
    const remedy = 'Add `max_cost_per_sheet` or `max_cost_per_job`, or remove `enabled`.'
    yield finding('SCORE_VALUE', '`cost_limits` is enabled without a limit.', remedy, source.place(['cost_limits', 'enabled']))
  }
  if (stale && stale.check_interval_seconds >= stale.idle_timeout_seconds) {
    const message = `\`stale_detection\` would look every ${stale.check_interval_seconds} s for ${stale.idle_timeout_seconds} s without output.`
    const remedy = 'Make `check_interval_seconds` smaller than `idle_timeout_seconds`.'
    yield finding('SCORE_VALUE', message, remedy, source.keyPlace(['stale_detection', 'check_interval_seconds']))
  }
}

/** What copies of a sheet may not do as meant (Marianne V206, V207). */
export function* copiesRemarks(parts: Parts): Generator<Diagnostic> {
  const { score, sheet, source } = parts
  const layout = layoutOf(parts)
  if (!layout || ![...voicesOf(layout).values()].some((voices) => voices > 1)) return
  const place = source.keyPlace(Object.keys(sheet.fan_out ?? {}).length > 0 ? ['sheet', 'fan_out'] : ['movements'])
  if (Object.keys(layout.sheet.dependencies).length === 0) {
    const message = 'There are copies of sheets but no `sheet.dependencies`: each movement waits for the whole one before.'
    yield finding('V206', message, 'Say under `sheet.dependencies` what waits for what, if that is not meant.', place, 'warning')
  }
  if (score.parallel && !score.parallel.enabled) {
    const message = 'There are copies of sheets, but they run one after another.'
    yield finding('V207', message, 'Add `parallel:` with `enabled: true` to run them side by side.', place, 'info')
  }
}
