import { constants } from 'node:os'
import { stripVTControlCharacters } from 'node:util'
import type { AttemptOutcome } from '../scheduling/state.ts'
import type { FinalWord } from './final-word.ts'
import type { InstrumentProfile } from './profile.ts'
import { epochToMs, parseResetTime } from './reset-time.ts'

/** What an instrument's output says of an attempt, before anything the score asks for was checked. Messages are not redacted. */
export type Verdict =
  | { readonly kind: 'succeeded' }
  | Omit<Extract<AttemptOutcome, { kind: 'failed' }>, 'validation'>
  | Extract<AttemptOutcome, { kind: 'rate_limited' }>

/** Characters. An instrument's own notice is shorter; an agent's answer about limits is longer or does not open with one. */
const longestNotice = 300
const longestExcerpt = 300
/** A limit whose end has passed already is given this long, in ms, so that trying again never spins. */
const shortestWait = 5000
/** No limit lasts longer than a week; a later time was misread. Ms. */
const longestWait = 7 * 24 * 3_600_000

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
  const says = (patterns: readonly RegExp[]) => patterns.some((pattern) => pattern.test(final))

  const notice = limitNotice(profile, word, succeeded)
  if (notice !== null || (!succeeded && (word.limit !== null || says(errors.rate_limit_patterns)))) {
    const text = notice ?? final
    const excerpt = excerptOf(text, notice !== null || word.isError ? 'first' : 'last')
    return {
      kind: 'rate_limited',
      message: excerpt === '' ? `${name} has reached a usage limit.` : `${name} has reached a usage limit: ${excerpt}`,
      resetAt: resetOf(word, text, now),
    }
  }
  if (succeeded) return { kind: 'succeeded' }

  const because = final.trim() === '' ? '.' : `: ${excerptOf(final, word.isError ? 'first' : 'last')}`
  const failed = (code: string, message: string, retriable = true): Verdict => ({
    kind: 'failed',
    error: { code, message },
    retriable,
  })
  if (says(errors.auth_error_patterns)) return failed('E502', `${name} could not log in${because}`, false)
  if (says(errors.capacity_patterns)) return failed('E103', `${name}'s service is overloaded${because}`)
  if (signal !== null) return failed(...signalError(name, signal))
  if (word.isError) return failed('E009', `${name} reported an error${because}`)
  if (!exitFine) return failed('E009', `${name} ended with exit status ${exitStatus}${because}`)
  // Exit status 0 without a result may be a run cut short, and a score without checks would take it for done.
  return failed('E503', `${name} ended without the result its ${output.format} output should hold.`)
}

/** The text patterns are held against. A process ended by a signal was not ended by what it had been saying. */
function finalError(word: FinalWord, exitFine: boolean, signal: string | null): string {
  if (word.isError) return word.errorText || word.text
  if (exitFine || signal !== null) return ''
  return [word.notice, word.stderr].filter((text) => text.trim() !== '').join('\n')
}

/** The instrument's own notice of a limit, where it stands in place of an answer. */
function limitNotice(profile: InstrumentProfile, word: FinalWord, succeeded: boolean): string | null {
  const { rate_limit_banners, rate_limit_patterns } = profile.cli.errors
  const text = (word.finished ? word.text : word.notice).trim()
  if (text.length > longestNotice) return null
  const firstLine = text.split('\n', 1)[0]?.trim() ?? ''
  if (rate_limit_banners.some((banner) => new RegExp(`^(?:${banner.source})$`, banner.flags).test(firstLine))) return text
  // After an event that says so, less is proof enough.
  const proven = succeeded && word.limit !== null
  return proven && (text === '' || rate_limit_patterns.some((pattern) => pattern.test(text))) ? text : null
}

function resetOf(word: FinalWord, text: string, now: number): number | null {
  const told = word.limit?.reset
  const at = typeof told === 'number' && Number.isFinite(told) && told > 0 ? epochToMs(told) : parseResetTime(text, now)
  if (at === null) return null
  return at <= now ? now + shortestWait : Math.min(at, now + longestWait)
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
