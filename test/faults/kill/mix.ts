import { join } from 'node:path'
import type { Place } from '../../support/place.ts'

/** The jobs of a round, in the order in which they are submitted. */
export const NAMES = ['fan', 'chain', 'held', 'cut', 'hand'] as const
export type Name = (typeof NAMES)[number]

export const HAND_SHEETS = 6

const prompt = (...lines: readonly string[]) => ['SECONDS_OF_WORK=0.{{ sheet_num % 3 + 1 }}', ...lines, ':']
const onSheet = (sheet: number, what: string) => `{% if sheet_num == ${sheet} %}${what}=yes{% endif %}`

/**
 * A fan-out with a voice that fails first and hooks after it; a chain; a job its user pauses or freezes; one that is cancelled,
 * and one whose sheets are run again and left out. Sheets of the last two come to a standstill until their user does something:
 * they hang, fail, or met a limit. Paths of the scores.
 */
export function mix(place: Place, ledger: string): readonly string[] {
  const retry = { max_retries: 3, base_delay_seconds: 0.1, jitter: false }
  const validations = [{ type: 'file_exists', path: 'sheet-{sheet_num}.md' }]
  const at = (name: Name) => ({ name, workspace: join(place.root, name), instrument: 'ledger' as const, retry, validations })
  const note = (what: string) => `printf '${what} %s 0 1 0\\n' "$FERMATA_JOB" >>${ledger}`
  const hook = { type: 'run_command', command: `${note('hook_begin')}; sleep 0.2; ${note('hook_end')}` }
  const fan = {
    sheet: { fan_out: { 2: 3 }, dependencies: { 2: [1], 3: [2] } },
    parallel: { enabled: true, max_concurrent: 3 },
    on_success: [hook],
  }
  const hand = {
    sheet: { dependencies: { 5: [1, 2, 3, 4], 6: [4] }, per_sheet_instruments: { 3: 'ledger-2' } },
    parallel: { enabled: true, max_concurrent: 4, fail_fast: false },
    retry: { ...retry, max_retries: 1 },
  }
  const stuck = [onSheet(1, 'HANGS_FIRST'), onSheet(2, 'FAILS_FIRST'), onSheet(3, 'LIMITED_FIRST')]
  const scores: Record<Name, Parameters<Place['score']>[0]> = {
    fan: { ...at('fan'), sheets: 3, prompt: prompt(onSheet(3, 'FAILS_FIRST')), ...fan },
    chain: { ...at('chain'), sheets: 4, prompt: prompt(onSheet(2, 'FAILS_FIRST')) },
    held: { ...at('held'), sheets: 4, prompt: prompt() },
    cut: { ...at('cut'), sheets: 3, prompt: prompt(onSheet(2, 'HANGS_FIRST')), ...fan },
    hand: { ...at('hand'), sheets: HAND_SHEETS, prompt: prompt(...stuck), ...hand },
  }
  return NAMES.map((name) => place.score(scores[name]))
}
