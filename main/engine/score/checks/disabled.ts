import type { Diagnostic } from '../../errors.ts'
import { finding, wordList } from '../finding.ts'
import { valueAt } from '../language.ts'
import type { YamlSource } from '../source.ts'

/** The sections that wait for `enabled: true`, and which of their keys do; undefined: all. */
const SECTIONS: Readonly<Record<string, readonly string[] | undefined>> = {
  isolation: undefined,
  stale_detection: undefined,
  parallel: ['max_concurrent', 'fail_fast', 'stagger_delay_ms'],
  checkpoints: undefined,
  concert: ['cooldown_between_jobs_seconds', 'inherit_workspace'],
}

/** Sections that say something but do nothing, for nobody turned them on. Who wrote `enabled: false` knows. */
export function* disabledSections(document: unknown, source: YamlSource): Generator<Diagnostic> {
  for (const [section, waiting] of Object.entries(SECTIONS)) {
    const given = valueAt(document, [section])
    if (typeof given !== 'object' || given === null || valueAt(given, ['enabled']) !== undefined) continue
    const idle = Object.keys(given).filter((key) => waiting?.includes(key) ?? true)
    if (idle.length === 0) continue
    const words = wordList(idle.map((key) => `${section}.${key}`))
    const message = `${words} ${idle.length === 1 ? 'has' : 'have'} no effect while \`${section}.enabled\` is not true.`
    const remedy = 'Add `enabled: true`, or `enabled: false` if it is meant to be off.'
    yield finding('DISABLED', message, remedy, source.keyPlace([section]), 'warning')
  }
}
