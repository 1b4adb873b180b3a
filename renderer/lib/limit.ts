import type { InstrumentStatus, LimitWait } from '../../preload/contract.ts'
import { stationName } from '../../preload/contract-words.ts'
import { formatClock, formatDuration } from './format.ts'

const HOUR = 3_600_000
const SECOND = 1000

/** What is left (ms), to the second in the last hour: `1 h 12 min`, `23 min 04 s`, `9 s`. */
export function formatCountdown(ms: number): string {
  // Rounded up: what has not ended is never 0 s away.
  const left = Math.max(0, Math.ceil(ms / SECOND)) * SECOND
  if (left >= HOUR) return formatDuration(left)
  const minutes = Math.floor(left / 60_000)
  const seconds = (left % 60_000) / SECOND
  return minutes === 0 ? `${seconds}\u00a0s` : `${minutes}\u00a0min ${String(seconds).padStart(2, '0')}\u00a0s`
}

/** A limit that still holds: its time has not come, or its user wants to be asked. */
export const holds = ({ mode, until }: Pick<InstrumentStatus['limits'][number], 'mode' | 'until'>, now: number): boolean =>
  mode === 'never' || until > now

/** What keeps sheets from an instrument, and for how long still. */
export function waitWords({ instrument, model, cause, until }: LimitWait, now: number): string {
  const name = stationName(instrument, model)
  if (cause === 'login') return `${instrument} needs a login`
  const left = until === null ? null : until > now ? `in ${formatCountdown(until - now)}` : 'any moment'
  if (cause === 'rest') return `${instrument} is tried again ${left ?? 'when you say so'}`
  return left === null ? `${name}: limit, waits for you` : `${name}: limit ends ${left}`
}

/** The same as a sentence, with the time of day. */
export function waitSentence({ instrument, model, cause, until }: LimitWait, now: number): string {
  const name = stationName(instrument, model)
  if (cause === 'login') return `${instrument} needs a login. Its sheets wait until you let them try again.`
  if (cause === 'rest')
    return `${instrument} failed again and again. One sheet tries it ${until === null ? 'when you say so' : timeLeft(until, now)}.`
  if (until === null) return `${name} met its limit; its sheets wait until you let them go on.`
  return `${name} met its limit; its sheets go on ${timeLeft(until, now)}.`
}

/** `in 23 min 04 s (14:05)` */
export const timeLeft = (until: number, now: number): string =>
  until > now ? `in ${formatCountdown(until - now)} (${formatClock(until, now)})` : 'any moment'
