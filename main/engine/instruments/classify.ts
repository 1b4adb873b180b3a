import { constants } from 'node:os'
import { stripVTControlCharacters } from 'node:util'
import type { AttemptOutcome, LimitCode } from '../scheduling/state.ts'
import type { FinalWord } from './final-word.ts'
import type { InstrumentProfile } from './profile.ts'
import { parseResetTime } from './reset-time.ts'
import { epochToMs } from './time-spans.ts'

/** What an instrument's output says of an attempt, before anything the score asks for was checked. Messages are not redacted. */
export type Verdict =
  | { readonly kind: 'succeeded' }
  | Omit<Extract<AttemptOutcome, { kind: 'failed' }>, 'validation'>
  | (Extract<AttemptOutcome, { kind: 'rate_limited' }> & { readonly code: LimitCode })

/** Characters. An instrument's own notice is shorter; an agent's answer about limits is longer or does not open with one. */
const longestNotice = 300
const longestExcerpt = 300
/** A limit whose end has passed already is given this long, in ms, so that trying again never spins. */
const shortestWait = 5000
/** No limit lasts longer than a week; a later time was misread. Ms. */
const longestWait = 7 * 24 * 3_600_000

/** Seconds. Smaller numbers are no time of the present. */
const earliestEpoch = 1e9

/** The service itself said no. */
const tooManyRequests = /\b429\b|too many requests/i

/** Faults of the program, which would repeat themselves (Marianne §6.5). */
const crashes: ReadonlySet<string> = new Set(['SIGILL', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV'])

/**
 * Decides how an attempt ended. What an instrument says in events and in its exit status stands above text, and text counts only
 * where it is the final error (see the profile's `errors`).
 *
 * @param exitStatus as a shell tells it: 128 + n for signal n
 * @param now epoch ms
 */
export function classify(profile: InstrumentProfile, word: FinalWord, exitStatus: number, now: number): Verdict {
  const { errors, output } = profile.cli
  const name = profile.display_name ?? profile.name
  const exitFine = errors.success_exit_codes.includes(exitStatus)
  const succeeded = exitFine && word.finished && !word.isError
  const signal = exitFine ? null : signalOf(exitStatus)
  const final = finalError(word, exitFine, signal)
  /** Where the final error says so. */
  const saying = (patterns: readonly RegExp[]) =>
    patterns.map((pattern) => pattern.exec(final)).find((hit) => hit !== null) ?? null

  const notice = limitNotice(profile, word, succeeded)
  const quota = saying(errors.quota_patterns)
  const rate = saying(errors.rate_limit_patterns)
  if (notice !== null || (!succeeded && (word.limit !== null || quota !== null || rate !== null))) {
    const text = notice ?? final
    const hit = notice === null ? (quota ?? rate) : null
    // Claude Code ends its banner with the time in seconds since 1970: that is read, not shown.
    const excerpt = (hit ? lineAround(hit) : excerptOf(text, notice !== null || word.isError ? 'first' : 'last')).replace(
      /\|\d{10,13}$/,
      '',
    )
    return {
      kind: 'rate_limited',
      code: notice !== null || quota !== null || rate === null ? 'E104' : tooManyRequests.test(final) ? 'E101' : 'E102',
      message: excerpt === '' ? `${name} has reached a usage limit.` : `${name} has reached a usage limit: ${excerpt}`,
      resetAt: resetOf(word, text, now),
    }
  }
  if (succeeded) return { kind: 'succeeded' }

  const because = (hit: RegExpExecArray | null) => {
    const excerpt = hit ? lineAround(hit) : excerptOf(final, word.isError ? 'first' : 'last')
    return excerpt === '' ? '.' : `: ${excerpt}`
  }
  const failed = (code: string, message: string, retriable = true): Verdict => ({
    kind: 'failed',
    error: { code, message },
    retriable,
  })
  const login = saying(errors.auth_error_patterns)
  if (login) return failed('E502', `${name} could not log in${because(login)}`, false)
  const crash = saying(errors.crash_patterns)
  if (crash) return failed('E003', `${name} crashed${because(crash)}`, false)
  const stale = saying(errors.stale_patterns)
  if (stale) return failed('E006', `${name} came to a standstill${because(stale)}`)
  const timeout = saying(errors.timeout_patterns)
  if (timeout) return failed('E001', `${name} gave up waiting${because(timeout)}`)
  const capacity = saying(errors.capacity_patterns)
  if (capacity) return failed('E103', `${name}'s service is overloaded${because(capacity)}`)
  if (signal !== null) return failed(...signalError(name, signal))
  if (word.isError) return failed('E009', `${name} reported an error${because(null)}`)
  if (!exitFine) return failed('E009', `${name} ended with exit status ${exitStatus}${because(null)}`)
  // Exit status 0 without a result may be a run cut short, and a score without checks would take it for done.
  return failed('E503', `${name} ended without the result its ${output.format} output should hold.`)
}

/** The text patterns are held against. A process ended by a signal was not ended by what it had been saying. */
function finalError(word: FinalWord, exitFine: boolean, signal: string | null): string {
  const told = word.isError ? word.errorText || word.text : ''
  if (told !== '' || exitFine || signal !== null) return told
  return stripVTControlCharacters([word.notice, word.stderr].filter((text) => text.trim() !== '').join('\n'))
}

/** The instrument's own notice of a limit, where it stands in place of an answer. */
function limitNotice(profile: InstrumentProfile, word: FinalWord, succeeded: boolean): string | null {
  const { rate_limit_banners, rate_limit_patterns, quota_patterns } = profile.cli.errors
  const text = (word.finished ? word.text : word.notice).trim()
  if (text.length > longestNotice) return null
  const firstLine = text.split('\n', 1)[0]?.trim() ?? ''
  if (rate_limit_banners.some((banner) => new RegExp(`^(?:${banner.source})$`, banner.flags).test(firstLine))) return text
  // After an event that says so, less is proof enough.
  const proven = succeeded && word.limit !== null
  return proven && (text === '' || [...rate_limit_patterns, ...quota_patterns].some((pattern) => pattern.test(text)))
    ? text
    : null
}

function resetOf(word: FinalWord, text: string, now: number): number | null {
  const at = namedTime(word.limit?.reset, now) ?? parseResetTime(text, now)
  if (at === null) return null
  return at <= now ? now + shortestWait : Math.min(at, now + longestWait)
}

/** What an event holds as a time: epoch seconds or ms, or, where that is too small a number, seconds from now. */
function namedTime(told: unknown, now: number): number | null {
  const amount = typeof told === 'string' && told.trim() !== '' ? Number(told) : told
  if (typeof amount !== 'number' || !Number.isFinite(amount) || amount <= 0) return null
  return amount < earliestEpoch ? now + amount * 1000 : epochToMs(amount)
}

function signalOf(exitStatus: number): string | null {
  return Object.entries(constants.signals).find(([, number]) => number === exitStatus - 128)?.[0] ?? null
}

function signalError(name: string, signal: string): [code: string, message: string, retriable: boolean] {
  if (crashes.has(signal)) return ['E003', `${name} crashed (${signal}).`, false]
  if (signal === 'SIGINT') return ['E004', `${name} was interrupted from outside Fermata.`, false]
  return ['E002', `${name} was ended from outside Fermata (${signal}).`, true]
}

/** The first or last line that says something, without colours. Programs explain themselves last, notices first. */
function excerptOf(text: string, which: 'first' | 'last'): string {
  const lines = stripVTControlCharacters(text)
    .split(/[\r\n]+/)
    .map((line) => line.replace(/\p{Cc}/gu, ' ').trim())
    .filter(Boolean)
  const line = lines.at(which === 'first' ? 0 : -1) ?? ''
  return line.length > longestExcerpt ? `${line.slice(0, longestExcerpt)}…` : line
}

/** The line a pattern was found in. */
function lineAround({ input, index }: RegExpExecArray): string {
  const before =
    input
      .slice(0, index)
      .split(/[\r\n]/)
      .at(-1) ?? ''
  const behind = input.slice(index).split(/[\r\n]/)[0] ?? ''
  return excerptOf(before + behind, 'first')
}
