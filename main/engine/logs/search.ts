import { Worker } from 'node:worker_threads'
import { FermataError } from '../errors.ts'
import { compilePattern } from '../score/pattern.ts'
import { type FindSecrets, shownHit } from './hit.ts'
import { type LogSearchResult, type RawHit, type SearchTask, searchThread } from './search-thread.ts'
import { whole } from './whole.ts'

/** Ms. A patient pattern takes a hundredth of it for a step of the search, patterns such as `(a+)+$` can take years. */
const longestStepMs = 5000
/** What a search may take, beside the bytes it reads: a line of 16 MB fits in many times. */
const memoryMb = 256
const MOST_HITS = 10_000

/** What to look for in the lines of a log. */
export interface LogPattern {
  readonly text: string
  /** `text` is a pattern as in a score's `content_regex`, held against each line. */
  readonly regex: boolean
  readonly caseSensitive: boolean
}

/** The pattern of a search cannot be used. */
export class LogSearchError extends FermataError {}

export interface LogSearch {
  /**
   * Looks through the lines of a log as they are displayed: overwritten parts of progress lines and terminal sequences left
   * out, bytes that are no UTF-8 as U+FFFD. Of a line over 16 MB the rest is not looked through. A missing file has no lines.
   *
   * @param from the line to begin at, from 1
   * @param limit hits after which it stops; 10,000 at most
   * @param signal ends the search
   * @throws LogSearchError LOG_SEARCH_ENDED when it was ended; LOG_PATTERN_INVALID; LOG_PATTERN_ENDLESS when it is stuck in the pattern for 5 s
   */
  search(file: string, query: LogPattern, from: number, limit: number, signal?: AbortSignal): Promise<LogSearchResult>
  /** Ends every search that is under way. */
  close(): void
}

/**
 * Searches logs of any size, each search in a thread of its own.
 * @param secretsIn what of a hit is not shown
 */
export function createLogSearch(secretsIn: FindSecrets = () => []): LogSearch {
  const closed = new AbortController()
  return {
    async search(file, query, from, limit, signal) {
      const { source, flags } = patternOf(query)
      const task: SearchTask = {
        ...{ file, source, flags, plain: !query.regex },
        from: whole(from, 1, Number.MAX_SAFE_INTEGER, 1),
        limit: whole(limit, 1, MOST_HITS, MOST_HITS),
      }
      const found = await runThread(task, signal ? AbortSignal.any([signal, closed.signal]) : closed.signal)
      return { ...found, hits: found.hits.map((hit) => shownHit(hit, secretsIn)) }
    },
    close: () => closed.abort(),
  }
}

function patternOf({ text, regex, caseSensitive }: LogPattern): RegExp {
  try {
    const { source, flags } = compilePattern(regex ? text : text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    return new RegExp(source, caseSensitive || flags.includes('i') ? flags : `${flags}i`)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new LogSearchError('LOG_PATTERN_INVALID', `This is no pattern to search with: ${why}.`, {
      remedy: 'Mend the pattern, or search for it as plain text.',
      cause,
    })
  }
}

function runThread(task: SearchTask, signal: AbortSignal): Promise<LogSearchResult<RawHit>> {
  if (signal.aborted) return Promise.reject(ended())
  const worker = new Worker(`(${searchThread})()`, {
    eval: true,
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  })
  return new Promise((resolve, reject) => {
    let deadline: NodeJS.Timeout | undefined
    const giveUp = () => end(() => reject(ended()))
    const end = (settle: () => void) => {
      clearTimeout(deadline)
      signal.removeEventListener('abort', giveUp)
      settle()
      void worker.terminate()
    }
    signal.addEventListener('abort', giveUp)
    worker.once('online', () => {
      deadline = setTimeout(() => end(() => reject(endless(task.source))), longestStepMs)
    })
    worker.on('message', (news: LogSearchResult<RawHit> | null) => {
      if (news === null) deadline?.refresh()
      else end(() => resolve(news))
    })
    worker.once('error', (error) => {
      end(() => (isMissing(error) ? resolve({ hits: [], next: null, scannedBytes: 0 }) : reject(error)))
    })
  })
}

const ended = (): LogSearchError => new LogSearchError('LOG_SEARCH_ENDED', 'The search was ended before it came to its end.')

function endless(pattern: string): LogSearchError {
  return new LogSearchError(
    'LOG_PATTERN_ENDLESS',
    `The search was stopped: it did not get past a line with the pattern ${pattern}`,
    {
      remedy:
        'Patterns that repeat a repetition, such as (a+)+, may take years. Write it more plainly, or search for plain text.',
    },
  )
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
