import { stripVTControlCharacters } from 'node:util'
import type { InstrumentProfile } from './profile.ts'
import type { Counts } from './usage.ts'

/** Bytes. Who tells tokens in a line of plain output needs no more. */
const longestUsageLine = 1000

/** What a line of plain output tells of tokens (profile: `usage_patterns`); null when it tells nothing. */
export function countsInLine({ cli: { output } }: InstrumentProfile, line: Buffer): Counts | null {
  if (output.usage_patterns.length === 0 || line.length > longestUsageLine) return null
  const text = stripVTControlCharacters(line.toString('utf8')).trim()
  const hit = output.usage_patterns.map((pattern) => pattern.exec(text)).find((found) => found !== null)
  if (hit === undefined) return null
  const { input, output: written, cache_read, cache_write, cost } = hit.groups ?? {}
  const counts = {
    input: amountOf(input),
    output: amountOf(written),
    cacheRead: amountOf(cache_read),
    cacheWrite: amountOf(cache_write),
    cost: amountOf(cost),
  }
  return Object.values(counts).every((amount) => amount === null) ? null : counts
}

/** "1,234", "5.6k", "2M". */
function amountOf(text: string | undefined): number | null {
  const [, digits = '', unit = ''] = /^([\d.,]+)\s*([km]?)$/i.exec(text?.trim() ?? '') ?? []
  const amount = digits === '' ? Number.NaN : Number(digits.replaceAll(',', ''))
  if (!Number.isFinite(amount)) return null
  return amount * ({ k: 1000, m: 1_000_000 }[unit.toLowerCase()] ?? 1)
}
