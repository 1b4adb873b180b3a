import { epochToMs, spanToMs } from './time-spans.ts'
import { isDate, momentOf, systemZone, wallDate, zoneOf } from './zoned-time.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

const number = String.raw`(?:\d+(?:\.\d+)?\s*|\b(?:an?|one)\s+)`
const unit = `${number}(?:weeks?|days?|hours?|hrs?|minutes?|mins?|seconds?|secs?|milliseconds?|ms|[wdhms])(?![a-z])`
const spans = String.raw`${unit}(?:[\s,]*(?:and\s+)?${unit})*`
const verb = 'resets?|try again|available(?: again)?|renews?|refreshes|come back'

const epoch = /(?:limit reached\||\bresets?\s+(?:at\s+)?)(\d{10}|\d{13})\b/i
const bareSeconds = /\bretry(?:ing)?\s+(?:after|in)\s+(\d{1,7})(?![\w.:]|\s*[ap]\.?m\b)/i
const span = new RegExp(String.raw`\b(?:${verb}|retry|wait)\s+(?:(?:in|after|for)\s+)?(?:about\s+|~\s*)?(${spans})`, 'i')
/** Keys of answers and headers, also inside of texts that were quoted once more. */
const quoted = String.raw`\\*["']?`
const keyed = String.raw`${quoted}\s*[:=]\s*${quoted}`
const delayKey = '(?:retry[_-]?after|resets?_?(?:in|after)(?:_?seconds)?|retryDelay|quotaResetDelay)'
const resetKey = String.raw`(?:(?:quota|rate_?limit_)?resets?_?(?:at|time(?:stamp)?)|x-ratelimit-reset[\w-]*|[\w-]{1,40}-ratelimit-[\w-]{1,40}-reset)`
const secondsKey = new RegExp(String.raw`\b${delayKey}${keyed}(\d+(?:\.\d+)?)s?(?![\w.])`, 'i')
const millisecondsKey = new RegExp(String.raw`\bretry-?after-ms${keyed}(\d+)(?![\w.])`, 'i')
const spanKey = new RegExp(String.raw`\b(?:${delayKey}|${resetKey})${keyed}(${spans})`, 'i')
const timeKey = new RegExp(String.raw`\b${resetKey}${keyed}(\d+)(?![\w.:-])`, 'i')
/** Seconds. Smaller numbers are no time of the present but a span. */
const earliestEpoch = 1e9
const httpDate = new RegExp(String.raw`\bretry-?after${keyed}(\w{3}, \d{1,2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT)`, 'i')
const isoDate = new RegExp(
  String.raw`\b(?:(?:${verb})\s*:?\s+(?:at\s+|on\s+|after\s+)?|(?:${resetKey}|${delayKey})${keyed})` +
    String.raw`(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})(?:T|,?\s+(?:at\s+)?)(?<hour>\d{1,2}):(?<minute>\d{2})(?::\d{2}(?:\.\d+)?)?` +
    String.raw`\s*(?:\((?<zone>[^)]{1,40})\)|(?<next>Z\b|[A-Z]{2,5}\b|[+-]\d{2}:?\d{2}))?`,
  'i',
)
const dayWord = '(?:today|tomorrow|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)'
const monthWord = String.raw`(?<month>${months.join('|')})[a-z]*\.?`
const dayNumber = String.raw`(?<day>\d{1,2})(?:st|nd|rd|th)?`
const clock = new RegExp(
  String.raw`\b(?:${verb})\s*:?\s+(?:at\s+|on\s+|after\s+)?` +
    String.raw`(?:(?:(?<first>${dayWord}),?\s+)?(?:(?:${monthWord}\s+${dayNumber}|${dayNumber}\s+${monthWord}),?\s+(?:(?<year>\d{4}),?\s+)?)?(?:at\s+)?)` +
    String.raw`(?:(?<word>midnight|noon)\b|(?<hour>\d{1,2})(?::(?<minute>\d{2}))?(?::\d{2})?\s*(?<half>[ap]\.?m\b)?)\.?` +
    String.raw`(?:,?\s+(?:on\s+)?(?<then>${dayWord})\b)?(?:\s*\((?<zone>[^)]{1,40})\)|\s+(?<next>[\w/+:-]+))?`,
  'i',
)

/** Words after a time that move it to a day we cannot name. */
const otherDay = /^(?:on|next|this|in)$/i
const zoneName = /^(?:[A-Z]{2,5}(?:[+-]\d{1,2}(?::?\d{2})?)?|[A-Z][\w+-]*\/[\w/+-]+)$/

/** A notice printed shortly before the full hour it names is read shortly after it; that is now, not tomorrow. */
const justPassed = 10 * minute

/**
 * When a limit ends, as its notice says: epoch seconds after a bar, "try again in 2 hours 13 minutes", "Retry-After: 30",
 * `"retryDelay": "34s"`, `"resets_in_seconds":467439`, `"resets_at":1773113950`, ISO and HTTP dates, "resets 7pm (UTC)",
 * "resets Dec 17 at 6am (Europe/Oslo)", "resets Monday 9am". A time without a date is the next such time, one that clocks show
 * twice the first that is still to come, one that they skip the moment after it.
 *
 * @param now epoch ms
 * @param localZone IANA zone of times that name none
 * @returns epoch ms, possibly past; null when the text names no time that can be understood
 */
export function parseResetTime(text: string, now: number, localZone: string = systemZone()): number | null {
  const stamp = epoch.exec(text)?.[1]
  if (stamp !== undefined) return epochToMs(Number(stamp))
  const wait = (span.exec(text) ?? spanKey.exec(text))?.[1]
  if (wait !== undefined) return now + spanToMs(wait)
  const milliseconds = millisecondsKey.exec(text)?.[1]
  if (milliseconds !== undefined) return now + Number(milliseconds)
  const http = httpDate.exec(text)?.[1]
  if (http !== undefined) return numberOrNull(Date.parse(http))
  const iso = isoDate.exec(text)?.groups
  if (iso !== undefined) return isoToMs(iso, now, localZone)
  const seconds = secondsKey.exec(text)?.[1]
  if (seconds !== undefined) return secondsOrEpoch(Number(seconds), now)
  const bare = bareSeconds.exec(text)?.[1]
  if (bare !== undefined) return now + Number(bare) * second
  const key = timeKey.exec(text)?.[1]
  if (key !== undefined) return secondsOrEpoch(Number(key), now)
  const groups = clock.exec(text)?.groups
  return groups === undefined ? null : clockToMs(groups, now, localZone)
}

type Groups = Readonly<Record<string, string | undefined>>

const numberOrNull = (value: number): number | null => (Number.isNaN(value) ? null : value)

const secondsOrEpoch = (value: number, now: number): number =>
  value < earliestEpoch ? now + Math.ceil(value * second) : epochToMs(value)

function isoToMs({ year, month, day: date, hour: hours, minute: minutes, zone, next }: Groups, now: number, localZone: string) {
  const named = zoneOf(zone ?? next, localZone)
  const [y, m, d, time] = [Number(year), Number(month) - 1, Number(date), Number(hours) * hour + Number(minutes) * minute]
  return named === null || !isDate(y, m, d) || time >= day ? null : momentOf(y, m, d, time, named, now)
}

function clockToMs(groups: Groups, now: number, localZone: string): number | null {
  const next = groups.next ?? ''
  const zone = zoneOf(groups.zone ?? (zoneName.test(next) ? next : undefined), localZone)
  const time = timeOfDay(groups)
  if (time === null || otherDay.test(next) || zone === null) return null
  const notBefore = now - justPassed
  const { year, month, day: date, weekday } = wallDate(now, zone)
  /** So many days from today on that zone's calendar. */
  const inDays = (days: number) => momentOf(year, month, date + days, time, zone, notBefore)
  if (groups.month === undefined) {
    const word = (groups.first ?? groups.then)?.toLowerCase()
    if (word === 'tomorrow') return inDays(1)
    if (word === 'today') return inDays(0)
    const ahead = word === undefined ? null : (weekdays.indexOf(word.slice(0, 3)) - weekday + 7) % 7
    // The first that is still to come; minutes after midnight that may be one of yesterday.
    const days = ahead === null ? [-1, 0, 1] : [ahead, ahead + 7]
    return days.map(inDays).find((at) => at >= notBefore) ?? null
  }
  const named = months.indexOf(groups.month.toLowerCase())
  const inYear = (one: number) =>
    isDate(one, named, Number(groups.day)) ? momentOf(one, named, Number(groups.day), time, zone, notBefore) : null
  if (groups.year !== undefined) return inYear(Number(groups.year))
  const at = inYear(year)
  // In the last days of December "Jan 2" is next year's.
  return at === null || at < now - 180 * day ? inYear(year + 1) : at
}

/** @returns ms after midnight; null for "25:00", and for a bare number, which may be anything. */
function timeOfDay(groups: Groups): number | null {
  if (groups.word !== undefined) return groups.word.toLowerCase() === 'noon' ? 12 * hour : 0
  const half = groups.half?.[0]?.toLowerCase()
  if (half === undefined && groups.minute === undefined) return null
  const hours = Number(groups.hour)
  const minutes = Number(groups.minute ?? 0)
  if (minutes > 59 || (half === undefined ? hours > 23 : hours < 1 || hours > 12)) return null
  const inDay = half === undefined ? hours : (hours % 12) + (half === 'p' ? 12 : 0)
  return inDay * hour + minutes * minute
}
