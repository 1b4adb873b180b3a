import type { Usage } from '../../preload/contract.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A number and its unit never part at a line end. */
const SPACE = '\u00a0'
export const NONE = '–'

/** `ms` as people say it: `8 s`, `4 min 12 s`, `52 min`, `1 h 52 min`, `2 d 3 h`. Seconds vanish after ten minutes: nobody needs them then. */
export function formatDuration(ms: number): string {
  const whole = Math.max(0, ms)
  if (whole < MINUTE) return unit(Math.floor(whole / SECOND), 's')
  if (whole < 10 * MINUTE) return pair(Math.floor(whole / MINUTE), 'min', Math.floor((whole % MINUTE) / SECOND), 's')
  if (whole < HOUR) return unit(Math.floor(whole / MINUTE), 'min')
  if (whole < DAY) return pair(Math.floor(whole / HOUR), 'h', Math.floor((whole % HOUR) / MINUTE), 'min')
  return pair(Math.floor(whole / DAY), 'd', Math.floor((whole % DAY) / HOUR), 'h')
}

/** How long ago, in one unit: `just now`, `2 s ago`, `3 min ago`. */
export function formatAgo(ms: number): string {
  return ms < SECOND ? 'just now' : `${formatAge(ms)} ago`
}

/** `ms` in one unit: `2 s`, `3 min`, `2 h`. The window's clock may be a second behind: nothing is younger than now. */
export function formatAge(given: number): string {
  const ms = Math.max(0, given)
  const [count, name] =
    ms < MINUTE ? [ms / SECOND, 's'] : ms < HOUR ? [ms / MINUTE, 'min'] : ms < DAY ? [ms / HOUR, 'h'] : [ms / DAY, 'd']
  return unit(Math.floor(count), name)
}

/** A time (epoch ms) as a clock shows it, with the day when it is not today's: `14:22`, `yesterday 23:10`, `12 Mar 09:05`. */
export function formatClock(time: number, now: number): string {
  const clock = new Date(time).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
  const days = Math.round((startOfDay(now) - startOfDay(time)) / DAY)
  if (days === 0) return clock
  if (days === 1) return `yesterday ${clock}`
  if (days === -1) return `tomorrow ${clock}`
  return `${new Date(time).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${clock}`
}

/** The day of a time (epoch ms): `12 Mar 2026`. */
export function formatDay(time: number): string {
  return new Date(time).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
}

/** From when to when (epoch ms); the day is named once where it is one day: `yesterday 03:08–03:26`. */
export function formatSpan(from: number, to: number, now: number): string {
  const end = startOfDay(from) === startOfDay(to) ? formatClock(to, to) : formatClock(to, now)
  return `${formatClock(from, now)}–${end}`
}

/** Tokens in three digits: `980`, `4.2 k`, `412 k`, `1.08 M`. */
export function formatTokens(tokens: number): string {
  if (tokens < 1000) return String(Math.round(tokens))
  if (tokens < 9_950) return unit((tokens / 1000).toFixed(1), 'k')
  if (tokens < 999_500) return unit(Math.round(tokens / 1000), 'k')
  const millions = tokens / 1_000_000
  return unit(millions.toFixed(millions < 9.995 ? 2 : 1), 'M')
}

/** US dollars: `$ 3.18`; a dash where nobody named a price. */
export function formatCost(usd: number | null): string {
  if (usd === null) return NONE
  if (usd > 0 && usd < 0.01) return `<${SPACE}$${SPACE}0.01`
  return `$${SPACE}${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`
}

/** Bytes in decimal units: `812 B`, `4.2 kB`, `18 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return unit(bytes, 'B')
  const [value, name] = bytes < 1e6 ? [bytes / 1e3, 'kB'] : bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB']
  return unit(value < 9.95 ? value.toFixed(1) : Math.round(value), name)
}

/** `1 sheet`, `4 sheets`, `2 processes`. */
export function plural(count: number, word: string, many = `${word}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? word : many}`
}

/** Tokens a job really worked through: fresh prompt, what it wrote to the cache, and answers. Cache reads would count one text many times. */
export function freshTokens(usage: Usage): number {
  return usage.inputTokens + usage.cacheWriteTokens + usage.outputTokens
}

/** Whether any tokens were reported: none is not the same as not known, and not known is not zero. */
export const hasTokens = (usage: Usage): boolean => freshTokens(usage) + usage.cacheReadTokens > 0

/** Midnight (local time) of the day `time` is in, epoch ms. */
function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0)
}

function unit(value: number | string, name: string): string {
  return `${value}${SPACE}${name}`
}

function pair(major: number, majorName: string, minor: number, minorName: string): string {
  return minor === 0 ? unit(major, majorName) : `${unit(major, majorName)} ${unit(minor, minorName)}`
}
