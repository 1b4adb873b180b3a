import { styleText } from 'node:util'
import type { OutputProtocol } from '../ports.ts'
import { costOf, jobLines, type Line, sheetLines, type Tone, tokensOf } from './console-lines.ts'
import { formatElapsed, printable, progressBar } from './format.ts'
import { createStatusLine, isLive } from './status-line.ts'
import type { TextStream } from './text-stream.ts'

const MARKS: Record<Tone, string> = { start: '▸', good: '✓', bad: '✗', wait: '↻', detail: ' ' }
const COLOURS = { start: 'cyan', good: 'green', bad: 'red', wait: 'yellow', detail: 'dim' } as const
const LEVELS = { info: 'detail', warn: 'wait', error: 'bad' } as const

/** Events after which nothing runs until someone does something. */
const RESTS: ReadonlySet<string> = new Set(['paused', 'interrupted', 'completed', 'failed', 'cancelled'])
const BAR_CELLS = 20
const TICK_MS = 1000

export interface ConsoleOptions {
  /** For NO_COLOR and TERM. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Epoch ms. */
  readonly now?: () => number
}

export interface ConsoleOutput extends OutputProtocol {
  /** Takes the status line away and stops its clock. */
  close(): void
}

/**
 * Marianne §5.1, for people: a line for everything that happens to one job and, on a terminal, a status line with a progress
 * bar that keeps time while it runs. Plain lines without colours where the stream is no terminal; colours never with NO_COLOR.
 */
export function createConsoleOutput(stream: TextStream, { environment, now = Date.now }: ConsoleOptions): ConsoleOutput {
  const live = isLive(stream, environment)
  const coloured = live && !environment.NO_COLOR
  const status = createStatusLine(stream, live)
  let since: number | null = null
  let ticking: NodeJS.Timeout | null = null
  let standing = { completed: 0, total: 0, etaSeconds: null as number | null, knownAt: 0 }
  let spent: readonly (string | null)[] = []
  /** The line before this one told already why the job waits. */
  let explained = false

  const print = ({ tone, text }: Line) => {
    const line = `${MARKS[tone]} ${text}`
    status.print(coloured ? styleText(COLOURS[tone], line, { validateStream: false }) : line)
  }

  const refresh = () => {
    if (since === null) return status.show(null)
    const { completed, total, etaSeconds, knownAt } = standing
    const left = etaSeconds === null ? null : etaSeconds * 1000 - (now() - knownAt)
    const parts = [
      `${progressBar(completed, total, BAR_CELLS)} ${completed}/${total} sheets`,
      formatElapsed(now() - since),
      ...spent,
      left !== null && left >= 1000 ? `about ${formatElapsed(left)} left` : null,
    ]
    status.show(parts.filter((part) => part !== null).join(' · '))
  }

  const run = () => {
    since ??= now()
    if (live) ticking ??= setInterval(refresh, TICK_MS).unref()
  }
  const rest = () => {
    since = null
    if (ticking) clearInterval(ticking)
    ticking = null
    status.show(null)
  }

  return {
    log: (level, message) => print({ tone: LEVELS[level], text: printable(message) }),
    progress(_jobId, completed, total, etaSeconds) {
      standing = { completed, total, etaSeconds, knownAt: now() }
      refresh()
    },
    sheetEvent(_jobId, sheet, event, data = {}) {
      if (event === 'started') run()
      explained = event === 'retrying' || event === 'rate_limit.active'
      for (const line of sheetLines(sheet, event, data, now())) print(line)
      refresh()
    },
    jobEvent(_jobId, event, data = {}) {
      if (event === 'cost_update') spent = [tokensOf(data), costOf(data)]
      if (event === 'started' || event === 'resuming') run()
      if (RESTS.has(event)) rest()
      if (typeof data.total_sheets === 'number') standing = { ...standing, total: data.total_sheets }
      if (!(event === 'waiting' && explained)) for (const line of jobLines(event, data, now())) print(line)
      refresh()
    },
    close: rest,
  }
}
