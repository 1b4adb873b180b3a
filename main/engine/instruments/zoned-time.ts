const second = 1000
const day = 24 * 3_600_000

/** What programs write for zones that have another name; those that mean several zones are left out. */
const abbreviations: Readonly<Record<string, string>> = {
  Z: 'UTC',
  PT: 'America/Los_Angeles',
  PST: 'America/Los_Angeles',
  PDT: 'America/Los_Angeles',
  MDT: 'America/Denver',
  CDT: 'America/Chicago',
  ET: 'America/New_York',
  EDT: 'America/New_York',
  BST: 'Europe/London',
  CEST: 'Europe/Paris',
  EEST: 'Europe/Helsinki',
  JST: 'Asia/Tokyo',
  AEST: 'Australia/Sydney',
  AEDT: 'Australia/Sydney',
}

/** The zone of this computer's user, as an IANA name. */
export function systemZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** A zone as it is written in notices, such as "Europe/Oslo", "PST", "UTC+2", "local time"; null when there is no such zone. */
export function zoneOf(written: string | undefined, localZone: string): string | null {
  if (written === undefined || /^(?:your |local )+time(?: ?zone)?$/i.test(written)) return localZone
  const offset = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$/i.exec(written)
  const [, sign, hours = '', minutes = '00'] = offset ?? []
  const name = offset ? `${sign}${hours.padStart(2, '0')}:${minutes}` : (abbreviations[written.toUpperCase()] ?? written)
  return isZone(name) ? name : null
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** Whether the calendar has this day; the month counts from 0. */
export function isDate(year: number, month: number, dayOfMonth: number): boolean {
  return dayOfMonth > 0 && new Date(Date.UTC(year, month, dayOfMonth)).getUTCMonth() === month
}

/** What the wall clock and calendar of a zone show; the month counts from 0, the weekday from Sunday. */
export function wallDate(at: number, zone: string) {
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
  const asUtc = Date.UTC(year, month, dayOfMonth, of('hour'), of('minute'), of('second'))
  return { year, month, day: dayOfMonth, weekday: new Date(asUtc).getUTCDay(), asUtc }
}

/**
 * The moment at which a zone's clocks show this. Where they show it twice, the first that is not before `notBefore`; where they
 * skip it, as long after the skip as it is after its beginning.
 *
 * @param time ms after midnight
 */
export function momentOf(year: number, month: number, dayOfMonth: number, time: number, zone: string, notBefore: number): number {
  const wanted = Date.UTC(year, month, dayOfMonth) + time
  const offsetAt = (at: number) => wallDate(at, zone).asUtc - Math.floor(at / second) * second
  const [before, after] = [wanted - offsetAt(wanted - day), wanted - offsetAt(wanted + day)]
  const shown = [before, after].filter((at) => wallDate(at, zone).asUtc === wanted).sort((a, b) => a - b)
  return shown.find((at) => at >= notBefore) ?? shown.at(-1) ?? before
}
