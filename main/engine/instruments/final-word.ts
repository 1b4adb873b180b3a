import { z } from 'zod'
import type { Usage } from '../scheduling/state.ts'
import { linesOf, tailOf } from './output-file.ts'
import type { InstrumentProfile } from './profile.ts'

/** Bytes. A longer event is a tool's output, never a result. */
const longestEvent = 4 * 1024 * 1024
/** Bytes. */
const longestDocument = 16 * 1024 * 1024
/** Characters. */
const keptText = 50_000
/** Bytes of stderr and plain output that count as "the end". */
const keptEnd = 4096

/** What was left standing when an instrument ended. */
export interface FinalWord {
  /** The result arrived. Plain text has no other result than its end. */
  readonly finished: boolean
  readonly isError: boolean
  /** End of the answer. */
  readonly text: string
  /** The error the result itself names. */
  readonly errorText: string
  readonly usage: Usage | null
  /** The newest limit event says the limit is hit. `reset` is what it holds as the time, unchecked. */
  readonly limit: { readonly reset: unknown } | null
  /** End of what was printed outside of any event. */
  readonly notice: string
  /** End of stderr. */
  readonly stderr: string
}

/** Reads what counts out of an attempt's files: the last result and the last word about limits, by the profile's paths. */
export async function readFinalWord(profile: InstrumentProfile, stdout: string, stderr: string): Promise<FinalWord> {
  const { format } = profile.cli.output
  const end = await tailOf(stderr, keptEnd)
  if (format === 'text') {
    const text = (await tailOf(stdout, keptText * 4)).slice(-keptText)
    return { ...unfinished, finished: true, text, notice: text.slice(-keptEnd), stderr: end }
  }
  if (format === 'json') {
    const document = await readDocument(stdout)
    const notice = document === null ? await tailOf(stdout, keptEnd) : ''
    return { ...wordOf(profile, document, null), notice, stderr: end }
  }
  const { result, limit, notice } = await readEvents(profile, stdout)
  return { ...wordOf(profile, result, limit), notice, stderr: end }
}

const unfinished = { finished: false, isError: false, text: '', errorText: '', usage: null, limit: null }

type Json = Readonly<Record<string, unknown>>

function wordOf(profile: InstrumentProfile, result: Json | null, limitEvent: Json | null) {
  const { output, errors } = profile.cli
  const limit =
    limitEvent !== null && matches(limitEvent, errors.rate_limit_event_filter)
      ? { reset: errors.rate_limit_reset_path === undefined ? null : valueAt(limitEvent, errors.rate_limit_reset_path) }
      : null
  if (result === null) return { ...unfinished, limit }
  const isError = output.is_error_path !== undefined && valueAt(result, output.is_error_path) === true
  const errorText = output.error_path.map((path) => textOf(valueAt(result, path))).find((text) => text !== '') ?? ''
  const text = output.result_path === undefined ? '' : textOf(valueAt(result, output.result_path))
  return { finished: true, isError, text: text.slice(-keptText), errorText, usage: usageOf(profile, result), limit }
}

async function readDocument(file: string): Promise<Json | null> {
  return parseObject(await tailOf(file, longestDocument))
}

async function readEvents(profile: InstrumentProfile, file: string) {
  const { output, errors } = profile.cli
  const resultType = output.completion_event_type ?? ''
  const limitType = errors.rate_limit_event_type
  // Most lines of a long run are neither; looking for the word is far cheaper than parsing them all.
  const words = [resultType, limitType].filter((word) => word !== undefined).map((word) => Buffer.from(JSON.stringify(word)))
  let result: Json | null = null
  let limit: Json | null = null
  let notice = ''
  for await (const lines of linesOf(file, longestEvent)) {
    for (const line of lines) {
      if (line[0] !== openingBrace) {
        notice = `${notice}${line.toString('utf8', Math.max(0, line.length - keptEnd))}\n`.slice(-keptEnd)
      } else if (words.some((word) => line.includes(word))) {
        const event = parseObject(line.toString('utf8'))
        if (event?.type === resultType && matches(event, output.completion_event_filter)) result = event
        else if (limitType !== undefined && event?.type === limitType) limit = event
      }
    }
  }
  return { result, limit, notice }
}

const openingBrace = 0x7b

function parseObject(text: string): Json | null {
  try {
    return z.record(z.string(), z.unknown()).safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

function matches(event: Json, filter: Readonly<Record<string, string | number | boolean | null>>): boolean {
  return Object.entries(filter).every(([path, wanted]) => valueAt(event, path) === wanted)
}

function valueAt(value: unknown, path: string): unknown {
  let current = value
  for (const key of path.split('.')) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined
    current = (current as Json)[key]
  }
  return current
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim()
  if (Array.isArray(value)) return value.map(textOf).filter(Boolean).join('\n')
  return ''
}

function usageOf(profile: InstrumentProfile, result: Json): Usage | null {
  const { output } = profile.cli
  const amount = (path: string | undefined): number | null => {
    const value = path === undefined ? undefined : valueAt(result, path)
    return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null
  }
  /** Whatever a program prints, tokens are whole and can be stored. */
  const tokens = (path: string | undefined): number | null => {
    const value = amount(path)
    return value === null ? null : Math.min(Math.round(value), Number.MAX_SAFE_INTEGER)
  }
  const input = tokens(output.input_tokens_path)
  const written = tokens(output.output_tokens_path)
  const costUsd = amount(output.cost_path)
  if (input === null && written === null && costUsd === null) return null
  return {
    inputTokens: input ?? 0,
    outputTokens: written ?? 0,
    cacheReadTokens: tokens(output.cache_read_tokens_path) ?? 0,
    cacheWriteTokens: tokens(output.cache_write_tokens_path) ?? 0,
    costUsd,
  }
}
