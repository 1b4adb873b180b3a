import { formatCost, formatCount, formatDuration, formatTime, printable } from './format.ts'

/** What a console says about an event. Pure: no colours, no time of its own. */

type Data = Readonly<Record<string, unknown>>
/** What a line is about; the console chooses its mark and colour by it. */
export type Tone = 'start' | 'good' | 'bad' | 'wait' | 'detail'
export interface Line {
  readonly tone: Tone
  readonly text: string
}

const number = (value: unknown): number | null => (typeof value === 'number' ? value : null)
const string = (value: unknown): string => (typeof value === 'string' ? printable(value) : '')
const joined = (parts: readonly (string | null)[]) => parts.filter((part) => part !== null && part !== '').join(' · ')

/** "3.4k tokens", or null while nothing is known of any. Cache reads would count one text many times: they are left out. */
export function tokensOf(data: Data): string | null {
  const counts = [data.input_tokens, data.output_tokens, data.cache_write_tokens].map((count) => number(count) ?? 0)
  const sum = counts.reduce((total, count) => total + count, 0)
  return sum === 0 ? null : `${formatCount(sum)} tokens`
}

export function costOf(data: Data): string | null {
  const [cost, low, high] = [number(data.total_cost), number(data.cost_low), number(data.cost_high)]
  if (cost === null) return number(data.unpriced_tokens) === null ? null : 'price unknown'
  return low === null || high === null ? formatCost(cost) : `${formatCost(low)}–${formatCost(high)}`
}

function durationOf(data: Data): string | null {
  const seconds = number(data.duration_seconds)
  return seconds === null ? null : formatDuration(seconds * 1000)
}

/** @param now epoch ms */
export function sheetLines(sheet: number, event: string, data: Data, now: number): readonly Line[] {
  const total = number(data.total_sheets)
  const name = `sheet ${sheet}${total === null ? '' : ` of ${total}`}`
  const attempt = number(data.attempt) ?? 1
  const reason = string(data.reason).replace(/\.$/, '') || 'no reason given'
  const code = string(data.error_code)
  const why = code === '' ? reason : `${reason} (${code})`
  switch (event) {
    case 'started':
      return [{ tone: 'start', text: attempt > 1 ? `${name}, attempt ${attempt}` : name }]
    case 'completed':
      return [{ tone: 'good', text: joined([`${name} done`, durationOf(data), tokensOf(data), costOf(data)]) }]
    case 'failed':
      return [{ tone: 'bad', text: `${name} failed: ${why}` }]
    case 'retrying':
      return [{ tone: 'wait', text: `${name} failed: ${why}; attempt ${attempt + 1}${when(data, now)}` }]
    case 'rate_limit.active':
      return [{ tone: 'wait', text: `${name} met a rate limit: ${reason}; it goes on${when(data, now) || ' when you resume'}` }]
    case 'lost':
      return [{ tone: 'bad', text: `${name}: its process is gone without a result` }]
    case 'cancelled':
      return [{ tone: 'bad', text: `${name} cancelled` }]
    case 'validation_failed': {
      const failures = Array.isArray(data.failures) ? data.failures : []
      return failures.map((failure) => ({ tone: 'detail', text: string(failure) }))
    }
    default:
      return []
  }
}

/** @param now epoch ms */
export function jobLines(event: string, data: Data, now: number): readonly Line[] {
  const name = string(data.name)
  const reason = string(data.reason)
  switch (event) {
    case 'started':
      return [{ tone: 'detail', text: `${name}: ${sheets(number(data.total_sheets))} on ${string(data.instrument)}` }]
    case 'resuming':
      return [
        {
          tone: 'detail',
          text: `${name} goes on: ${number(data.completed_sheets)} of ${sheets(number(data.total_sheets))} done`,
        },
      ]
    case 'pausing':
    case 'budget_warning':
    case 'budget_limit':
      return [{ tone: 'wait', text: reason }]
    case 'waiting': {
      const at = when(data, now)
      return [{ tone: 'wait', text: reason || `waits${at}` }]
    }
    case 'paused':
    case 'interrupted':
      return [{ tone: 'wait', text: `${name}: ${reason}` }, ...summary(data)]
    case 'completed':
      return [{ tone: 'good', text: `${name} completed` }, ...summary(data)]
    case 'failed':
    case 'cancelled':
      return [{ tone: 'bad', text: `${name}: ${reason}` }, ...summary(data)]
    default:
      return []
  }
}

function summary(data: Data): readonly Line[] {
  const done = `${number(data.completed_sheets) ?? 0} of ${sheets(number(data.total_sheets))}`
  return [
    { tone: 'detail', text: joined([done, durationOf(data), tokensOf(data), costOf(data)]) },
    { tone: 'detail', text: `files: ${string(data.workspace)}` },
  ]
}

const sheets = (count: number | null) => `${count ?? 0} sheet${count === 1 ? '' : 's'}`

/** " at 14:05 (in 12 min 00 s)", or nothing when no time is known. */
function when(data: Data, now: number): string {
  const wait = number(data.wait_seconds)
  if (wait === null) return ''
  if (wait < 60) return ` in ${formatDuration(wait * 1000)}`
  return ` at ${formatTime(now + wait * 1000, now)} (in ${formatDuration(wait * 1000)})`
}
