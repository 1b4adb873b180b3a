import { type Json, matches, parseObject } from './json-paths.ts'
import { linesOf } from './output-file.ts'
import type { InstrumentProfile } from './profile.ts'
import type { RunningUsage } from './running-usage.ts'

/** Bytes. A longer event is a tool's output, never a result. */
export const longestEvent = 4 * 1024 * 1024
const openingBrace = 0x7b

/** What remains of a stream of events once it is over. */
export interface Events {
  /** The last one with an answer. */
  readonly answer: Json | null
  /** The last one that ends a run. */
  readonly end: Json | null
  /** The last one that tells an error, if nothing came after it that makes up for it. */
  readonly failure: Json | null
  /** The newest one about a limit. */
  readonly limit: Json | null
  /** End of what was printed outside of any event, at most `keptNotice` characters. */
  readonly notice: string
}

/**
 * Reads a file of events, one a line. Lines that are none, and events nobody asked for, are no error.
 * @param usage is given every line, too
 */
export async function readEvents(
  profile: InstrumentProfile,
  file: string,
  keptNotice: number,
  usage: RunningUsage,
): Promise<Events> {
  const { output, errors } = profile.cli
  const endType = output.end_event_type
  /** Then a limit is got past like any other error; else an event of its own says so. */
  const limitIsError =
    errors.rate_limit_event_type !== undefined && output.error_event_types.includes(errors.rate_limit_event_type)
  const wanted = wantedWords(profile)
  let answer: Json | null = null
  let end: Json | null = null
  let failure: Json | null = null
  let limit: Json | null = null
  let notice = ''

  const take = (event: Json) => {
    const { type } = event
    const answers = type === output.completion_event_type && matches(event, output.completion_event_filter)
    if (answers) answer = event
    if (endType === undefined ? answers : type === endType) {
      end = event
      failure = null
      if (limitIsError) limit = null
    } else if (typeof type === 'string' && output.error_event_types.includes(type)) {
      failure = event
    }
    if (errors.rate_limit_event_type !== undefined && type === errors.rate_limit_event_type) limit = event
  }

  for await (const lines of linesOf(file, longestEvent)) {
    usage.take(lines)
    for (const line of lines) {
      if (line[0] !== openingBrace) {
        notice = `${notice}${line.toString('utf8', Math.max(0, line.length - keptNotice))}\n`.slice(-keptNotice)
      } else if (wanted.some((word) => line.includes(word))) {
        const event = parseObject(line.toString('utf8'))
        if (event !== null) take(event)
      }
    }
  }
  return { answer, end, failure, limit, notice }
}

/** Most lines of a long run matter to nobody; looking for these words is far cheaper than parsing them all. */
function wantedWords({ cli: { output, errors } }: InstrumentProfile): Buffer[] {
  const words = [output.completion_event_type, output.end_event_type, ...output.error_event_types, errors.rate_limit_event_type]
  return [...new Set(words)].filter((word) => word !== undefined).map((word) => Buffer.from(JSON.stringify(word)))
}
