/** A place for text, such as standard output. */
export interface TextStream {
  write(text: string): unknown
  readonly isTTY?: boolean
  /** Width of the terminal in cells; 0 or undefined when it is not known. */
  readonly columns?: number | undefined
}

/** A stream as Node has it; standard output and standard error are such. */
export interface NodeTextStream extends TextStream {
  on(event: 'error', listener: (error: Error) => void): unknown
}

/**
 * `stream`, harmless: when its reader goes away (`fermata … | head`) or its terminal is closed, what is written from then on
 * is dropped, and whoever writes goes on working.
 */
export function unbreakable(stream: NodeTextStream): TextStream {
  let broken = false
  stream.on('error', () => {
    broken = true
  })
  return {
    write(text) {
      if (broken) return
      try {
        stream.write(text)
      } catch {
        broken = true
      }
    },
    get isTTY() {
      return stream.isTTY === true
    },
    get columns() {
      return stream.columns
    },
  }
}
