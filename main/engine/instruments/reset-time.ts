const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Units by their first letter. */
const units: Readonly<Record<string, number>> = { s: second, m: minute, h: hour, d: day }
const unit = String.raw`\d+(?:\.\d+)?\s*(?:days?|hours?|hrs?|minutes?|mins?|seconds?|secs?|[dhms])(?![a-z])`
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

const epoch = /limit reached\|(\d{10}|\d{13})\b/i
const span = new RegExp(
  String.raw`\b(?:try again|retry|resets?|wait)\s+(?:(?:in|after|for)\s+)?(?:about\s+|~)?(${unit}(?:[\s,]*(?:and\s+)?${unit})*)`,
  'i',
)
/** Keys of answers and headers, also inside of texts that were quoted once more. */
const quoted = String.raw`\\*["']?`
const secondsKey = new RegExp(
  String.raw`\b(?:retry-?after|resets_in_seconds|retryDelay)${quoted}\s*[:=]\s*${quoted}(\d+(?:\.\d+)?)s?(?![\w.])`,
  'i',
)
const timeKey = new RegExp(String.raw`\b(?:resets_?at|x-ratelimit-reset[\w-]*)${quoted}\s*[:=]\s*${quoted}(\d+)(?![\w.])`, 'i')
/** Seconds. Smaller numbers are no time of the present but a span. */
const earliestEpoch = 1e9
const clock = new RegExp(
  String.raw`\b(?:resets?|try again)\s+(?:at\s+|on\s+)?` +
    String.raw`(?:(?<month>${months.join('|')})[a-z]*\.?\s+(?<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?:(?<year>\d{4}),?\s+)?(?:at\s+)?)?` +
    String.raw`(?<hour>\d{1,2})(?::(?<minute>\d{2}))?\s*(?<half>[ap]\.?m\b)?\.?(?:\s*\((?<zone>[^)]{1,40})\)|\s+(?<next>[\w/+-]+))?`,
  'i',
)

/** Words after a time that move it to another day. */
const otherDay = /^(?:tomorrow|on|next|this|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)$/i
const zoneName = /^(?:[A-Z]{2,5}|[A-Z][\w+-]*\/[\w/+-]+)$/

/** A notice printed shortly before the full hour it names is read shortly after it; that is now, not tomorrow. */
const justPassed = 10 * minute

/**
 * When a limit ends, as its notice says: epoch seconds after a bar, "try again in 2 hours 13 minutes", "Retry-After: 30",
 * `"retryDelay": "34s"`, `"resets_in_seconds":467439`, `"resets_at":1773113950`, "resets 7pm (UTC)", "resets Dec 17 at 6am (Europe/Oslo)". A time without a date is the next such time.
 *
 * @param now epoch ms
 * @param localZone IANA zone of times that name none
 * @returns epoch ms, possibly past; null when the text names no time that can be understood
 */
export function parseResetTime(text: string, now: number, localZone: string = systemZone()): number | null {
  const stamp = epoch.exec(text)?.[1]
  if (stamp !== undefined) return epochToMs(Number(stamp))
  const wait = span.exec(text)?.[1]
  if (wait !== undefined) return now + spanToMs(wait)
  const seconds = secondsKey.exec(text)?.[1]
  if (seconds !== undefined) return now + Math.ceil(Number(seconds) * second)
  const key = timeKey.exec(text)?.[1]
  if (key !== undefined) return Number(key) < earliestEpoch ? now + Number(key) * second : epochToMs(Number(key))
  const groups = clock.exec(text)?.groups
  return groups === undefined ? null : clockToMs(groups, now, localZone)
}

/** Epoch seconds, or ms, told apart by their size. @returns epoch ms */
export function epochToMs(stamp: number): number {
  return stamp >= 1e12 ? stamp : stamp * second
}

function systemZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

function spanToMs(text: string): number {
  const sum = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([dhms])/gi)].reduce(
    (total, [, amount, letter]) => total + Number(amount) * (units[letter?.toLowerCase() ?? ''] ?? 0),
    0,
  )
  return Math.ceil(sum)
}

function clockToMs(groups: Readonly<Record<string, string | undefined>>, now: number, localZone: string): number | null {
  const next = groups.next ?? ''
  const zone = groups.zone ?? (zoneName.test(next) ? next : localZone)
  const time = timeOfDay(groups)
  if (time === null || otherDay.test(next) || !isZone(zone)) return null
  if (groups.month === undefined) {
    const today = wallDate(now, zone)
    const at = wallToMs(today.year, today.month, today.day, time, zone)
    return at >= now - justPassed ? at : wallToMs(today.year, today.month, today.day + 1, time, zone)
  }
  const month = months.indexOf(groups.month.toLowerCase())
  const dayOfMonth = Number(groups.day)
  const inYear = (year: number) =>
    new Date(Date.UTC(year, month, dayOfMonth)).getUTCMonth() === month && dayOfMonth > 0
      ? wallToMs(year, month, dayOfMonth, time, zone)
      : null
  if (groups.year !== undefined) return inYear(Number(groups.year))
  const { year } = wallDate(now, zone)
  const at = inYear(year)
  // In the last days of December "Jan 2" is next year's.
  return at !== null && at < now - 180 * day ? inYear(year + 1) : at
}

/** @returns ms after midnight; null for "25:00", and for a bare number, which may be anything. */
function timeOfDay(groups: Readonly<Record<string, string | undefined>>): number | null {
  const half = groups.half?.[0]?.toLowerCase()
  if (half === undefined && groups.minute === undefined) return null
  const hours = Number(groups.hour)
  const minutes = Number(groups.minute ?? 0)
  if (minutes > 59 || (half === undefined ? hours > 23 : hours < 1 || hours > 12)) return null
  const inDay = half === undefined ? hours : (hours % 12) + (half === 'p' ? 12 : 0)
  return inDay * hour + minutes * minute
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** What the wall clock and calendar of a zone show; the month counts from 0. */
function wallDate(at: number, zone: string): { year: number; month: number; day: number; asUtc: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at)
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value)
  const [year, month, dayOfMonth] = [of('year'), of('month') - 1, of('day')]
  return { year, month, day: dayOfMonth, asUtc: Date.UTC(year, month, dayOfMonth, of('hour'), of('minute'), of('second')) }
}

/** The moment at which a zone's clocks show this; a second look at the offset settles days on which clocks change. */
function wallToMs(year: number, month: number, dayOfMonth: number, time: number, zone: string): number {
  const wanted = Date.UTC(year, month, dayOfMonth) + time
  const offsetAt = (at: number) => wallDate(at, zone).asUtc - Math.floor(at / second) * second
  const guess = wanted - offsetAt(wanted)
  return wanted - offsetAt(guess)
}
