import { setImmediate as breathe } from 'node:timers/promises'
import type { Redactor } from '../redaction/redactor.ts'
import type { LogReader } from './log-window.ts'

/** Lines looked at before those that are shown: the longest private keys have about as many. */
const LINES_BEFORE = 128
const CHARACTERS_BEFORE = 32 * 1024
/** Characters looked through at a time: some ms. */
const AT_ONCE = 256 * 1024

/** Shows windows of logs without the secrets in them, also those that began before the window. The files keep all. */
export function redactedLogs(logs: LogReader, { redactLines }: Pick<Redactor, 'redactLines'>): LogReader {
  return {
    async window(file, from, count) {
      const wider = from < 0 ? from - LINES_BEFORE : Math.max(1, from - LINES_BEFORE)
      const seen = await logs.window(file, wider, count + LINES_BEFORE)
      const first = Math.max(1, from < 0 ? seen.totalLines + from + 1 : from)
      const skipped = first - seen.from
      const lines: string[] = []
      const end = Math.min(seen.lines.length, skipped + count)
      for (let at = skipped; at < end; ) {
        const next = groupEnd(seen.lines, at, end)
        const begin = groupStart(seen.lines, at)
        lines.push(...redactLines(seen.lines.slice(begin, next)).slice(at - begin))
        at = next
        if (at < end) await breathe()
      }
      return { ...seen, from: first, lines }
    },
  }
}

function groupEnd(lines: readonly string[], start: number, end: number): number {
  let at = start
  for (let length = 0; at < end && length < AT_ONCE; at += 1) length += lines[at]?.length ?? 0
  return at
}

function groupStart(lines: readonly string[], first: number): number {
  let at = first
  for (let length = 0; at > 0 && first - at < LINES_BEFORE; at -= 1) {
    length += lines[at - 1]?.length ?? 0
    if (length > CHARACTERS_BEFORE) break
  }
  return at
}
