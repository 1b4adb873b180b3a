import type { UsageReport } from '../../../preload/contract.ts'
import { sumUsage } from '../../lib/usage.ts'

type Row = UsageReport['rows'][number]
type Usage = Row['usage']

/** How many days the page looks back at, today among them. */
export const DAYS = 30

/** The day of a time (epoch ms) by its user's calendar, `YYYY-MM-DD`. */
export function dayKey(time: number, daysBefore = 0): string {
  const date = new Date(time)
  date.setDate(date.getDate() - daysBefore)
  const two = (number: number) => String(number).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** `12 Mar` of `2026-03-12`. */
export function dayLabel(day: string): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })
}

/** What was used on each of the last days, oldest first, also on those with nothing. */
export function usageByDay(rows: readonly Row[], now: number): readonly { readonly day: string; readonly usage: Usage }[] {
  return Array.from({ length: DAYS }, (_, index) => {
    const day = dayKey(now, DAYS - 1 - index)
    return { day, usage: sumUsage(rows.filter((row) => row.day === day).map(({ usage }) => usage)) }
  })
}

/** What belongs together, summed up. */
export interface Share {
  readonly key: string
  readonly name: string
  /** Beside the name: the model, or the instruments. */
  readonly aside: string
  readonly attempts: number
  readonly usage: Usage
}

/** What each instrument and model used, or each job: most tokens first. */
export function usageBy(what: 'model' | 'job', rows: readonly Row[]): readonly Share[] {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const key = what === 'job' ? row.jobId : JSON.stringify([row.instrument, row.model])
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  const shares = [...groups].flatMap(([key, group]): readonly Share[] => {
    const [first] = group
    if (!first) return []
    return [
      {
        key,
        name: what === 'job' ? first.jobName : first.instrument,
        aside:
          what === 'job' ? [...new Set(group.map(({ instrument }) => instrument))].join(', ') : (first.model ?? 'model unknown'),
        attempts: group.reduce((sum, { attempts }) => sum + attempts, 0),
        usage: sumUsage(group.map(({ usage }) => usage)),
      },
    ]
  })
  const size = ({ usage }: Share) => usage.inputTokens + usage.cacheWriteTokens + usage.outputTokens
  return shares.sort((a, b) => size(b) - size(a))
}

/** Models that were used and have no price, with the tokens it is missing for; most tokens first. */
export function unpricedModels(
  rows: readonly Row[],
  priced: ReadonlySet<string>,
): readonly { readonly model: string; readonly tokens: number }[] {
  const found = new Map<string, number>()
  for (const { model, usage } of rows) {
    const tokens = usage.unpricedTokens ?? 0
    if (model === null || tokens === 0 || priced.has(model)) continue
    found.set(model, (found.get(model) ?? 0) + tokens)
  }
  return [...found].map(([model, tokens]) => ({ model, tokens })).sort((a, b) => b.tokens - a.tokens)
}
