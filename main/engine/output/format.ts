/** Numbers as a terminal shows them. Pure. */

/** "0.4 s", "12 s", "3 min 05 s", "2 h 07 min". @param ms milliseconds; below zero counts as zero */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`
}

/** The same in whole seconds, for what is redrawn every second: "8 s". @param ms milliseconds; below zero counts as zero */
export function formatElapsed(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000)
  return seconds < 10 ? `${seconds} s` : formatDuration(seconds * 1000)
}

/** "950", "1.2k", "34k", "3.4M". */
export function formatCount(count: number): string {
  if (count < 1000) return String(count)
  if (count < 9950) return `${(count / 1000).toFixed(1)}k`
  if (count < 999_500) return `${Math.round(count / 1000)}k`
  return `${(count / 1_000_000).toFixed(1)}M`
}

/** "$0.42"; fractions of a cent keep two digits that matter: "$0.0031". @param usd US dollars */
export function formatCost(usd: number): string {
  if (usd === 0 || usd >= 0.01) return `$${usd.toFixed(2)}`
  return `$${Number(usd.toPrecision(2))}`
}

/** "14:05", or "24 Nov 14:05" when that is another day than `now`. Local time. @param at epoch ms */
export function formatTime(at: number, now: number): string {
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(at)
  if (new Date(at).toDateString() === new Date(now).toDateString()) return time
  return `${new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' }).format(at)} ${time}`
}

/** A bar of `width` cells. It is full only when everything is done. */
export function progressBar(completed: number, total: number, width: number): string {
  const filled = total === 0 ? width : Math.floor((Math.min(completed, total) / total) * width)
  return '█'.repeat(filled) + '░'.repeat(width - filled)
}

/** Text from elsewhere on one line, without the control characters that could drive a terminal. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim()
}

const two = (count: number): string => String(count).padStart(2, '0')
