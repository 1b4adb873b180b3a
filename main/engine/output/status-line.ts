import type { TextStream } from './text-stream.ts'

const USUAL_COLUMNS = 80
const ERASE_LINE = '\r\u001b[2K'

/** The last line of a terminal, redrawn in place while other lines go by above it. On anything but a terminal it never shows. */
export interface StatusLine {
  /** Prints a line of its own, above the status. */
  print(line: string): void
  /** Shows `text`, cut to the width of the terminal; null takes the status away. Must be without colours. */
  show(text: string | null): void
}

/** @param live Whether lines can be redrawn; see `isLive`. */
export function createStatusLine(stream: TextStream, live: boolean): StatusLine {
  let shown: string | null = null
  const draw = () => (shown === null ? '' : shown.slice(0, (stream.columns || USUAL_COLUMNS) - 1))
  return {
    print(line) {
      stream.write(shown === null ? `${line}\n` : `${ERASE_LINE}${line}\n${draw()}`)
    },
    show(text) {
      if (!live || text === shown) return
      const erase = shown === null ? '' : ERASE_LINE
      shown = text
      stream.write(`${erase}${draw()}`)
    },
  }
}

/** Whether `stream` is a terminal that can redraw a line. */
export function isLive(stream: TextStream, environment: Readonly<Record<string, string | undefined>>): boolean {
  return stream.isTTY === true && environment.TERM !== 'dumb'
}
