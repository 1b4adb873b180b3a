import { stripVTControlCharacters } from 'node:util'
import { type Json, matches, parseObject, textAt, valuesAt } from './json-paths.ts'
import { linesOf, tailOf } from './output-file.ts'
import type { InstrumentProfile } from './profile.ts'
import { longestEvent, readEvents } from './read-events.ts'
import type { RunningUsage } from './running-usage.ts'
import { countsByModel } from './usage.ts'

/** Bytes. */
const longestDocument = 16 * 1024 * 1024
/** Characters. */
const keptText = 50_000
/** Bytes of stderr and plain output that count as "the end". */
const keptEnd = 4096
/** Places at which a document is looked for before the output counts as something else. */
const mostStarts = 20
/** Lines a program takes to report its own failure. */
const longestReport = 3

/** What was left standing when an instrument ended. */
export interface FinalWord {
  /** The result arrived. Plain text has no other result than its end. */
  readonly finished: boolean
  readonly isError: boolean
  /** End of the answer. */
  readonly text: string
  /** The error the result itself names. */
  readonly errorText: string
  /** The newest limit event says the limit is hit. `reset` is what it holds as the time, unchecked. */
  readonly limit: { readonly reset: unknown } | null
  /** End of what was printed outside of any event. */
  readonly notice: string
  /** End of stderr. */
  readonly stderr: string
}

/**
 * Reads what counts out of an attempt's files: the last result and the last word about limits, by the profile's paths.
 * @param usage is told all that says what was used
 */
export async function readFinalWord(
  profile: InstrumentProfile,
  stdout: string,
  stderr: string,
  usage: RunningUsage,
): Promise<FinalWord> {
  const end = await tailOf(stderr, keptEnd)
  const word = { ...(await wordOf(profile, stdout, stderr, usage)), stderr: end }
  const report = word.isError ? null : ownReport(profile, word.finished ? word.text : word.notice)
  return report === null ? word : { ...word, isError: true, errorText: report }
}

const nothing = { finished: false, isError: false, text: '', errorText: '', limit: null, notice: '' }

async function wordOf(
  profile: InstrumentProfile,
  stdout: string,
  stderr: string,
  usage: RunningUsage,
): Promise<Omit<FinalWord, 'stderr'>> {
  const { format } = profile.cli.output
  if (format === 'text') {
    if (profile.uses_tokens) for await (const lines of linesOf(stdout, longestEvent)) usage.take(lines)
    const text = (await tailOf(stdout, keptText * 4)).slice(-keptText)
    return { ...nothing, finished: true, text, notice: text.slice(-keptEnd) }
  }
  if (format === 'json') {
    const printed = await tailOf(stdout, longestDocument)
    const document = documentIn(printed)
    if (document !== null) {
      const text = answerIn(profile, document)
      usage.tell(countsByModel(profile, document))
      usage.wrote(text)
      return { ...nothing, ...endingOf(profile, document), text }
    }
    // Some programs print the object to stderr when it is about an error.
    const complaint = documentIn(await tailOf(stderr, longestDocument))
    const errorText = complaint === null ? '' : errorIn(profile, complaint)
    return { ...nothing, isError: errorText !== '', errorText, notice: printed.slice(-keptEnd) }
  }
  const { answer, end, failure, limit, notice } = await readEvents(profile, stdout, keptEnd, usage)
  const ending =
    failure === null ? endingOf(profile, end) : { finished: true, isError: true, errorText: errorIn(profile, failure) }
  const text = answerIn(profile, answer)
  usage.wrote(text)
  return { ...nothing, ...ending, text, limit: limitIn(profile, limit), notice }
}

/** What the object, or the event that ends a run, says of it. */
function endingOf(profile: InstrumentProfile, end: Json | null) {
  if (end === null) return {}
  const { is_error_path, success_filter } = profile.cli.output
  const told = is_error_path === undefined ? [] : valuesAt(end, is_error_path)
  const isError = told.some(
    (value) => value === true || (typeof value === 'object' ? value !== null : typeof value === 'string' && value !== ''),
  )
  return {
    finished: true,
    isError: isError || !matches(end, success_filter),
    errorText: errorIn(profile, end),
  }
}

function answerIn(profile: InstrumentProfile, answer: Json | null): string {
  const { result_path } = profile.cli.output
  return answer === null || result_path === undefined ? '' : textAt(answer, result_path).slice(-keptText)
}

function errorIn(profile: InstrumentProfile, event: Json): string {
  return profile.cli.output.error_path.map((path) => textAt(event, path)).find((text) => text !== '') ?? ''
}

function limitIn({ cli: { errors } }: InstrumentProfile, event: Json | null): FinalWord['limit'] {
  if (event === null || !matches(event, errors.rate_limit_event_filter)) return null
  return { reset: errors.rate_limit_reset_path === undefined ? null : (valuesAt(event, errors.rate_limit_reset_path)[0] ?? null) }
}

/** The object a program printed, maybe with lines of other things before and behind it. */
function documentIn(text: string): Json | null {
  const whole = parseObject(text)
  if (whole !== null) return whole
  const end = text.lastIndexOf('}') + 1
  let tries = 0
  for (const { index } of text.matchAll(/^\{/gm)) {
    if (++tries > mostStarts) break
    const found = index < end ? parseObject(text.slice(index, end)) : null
    if (found !== null) return found
  }
  return null
}

/** What a program says of its own failure in place of an answer; null when it says no such thing. */
function ownReport(profile: InstrumentProfile, text: string): string | null {
  const { error_endings } = profile.cli.errors
  if (error_endings.length === 0) return null
  const lines = stripVTControlCharacters(text.slice(-keptEnd))
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter(Boolean)
  const last = lines.at(-1) ?? ''
  const isReport = error_endings.some(({ source, flags }) => new RegExp(`^(?:${source})$`, flags).test(last))
  return isReport ? lines.slice(-longestReport).join('\n') : null
}
