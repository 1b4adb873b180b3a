/** What a thread that counts tokens is asked, and what it answers under the same number. */
export interface TokenQuestion {
  readonly number: number
  readonly text: string
}
export interface TokenAnswer {
  readonly number: number
  readonly tokens: number
}

/**
 * Counts tokens, one text after another. Its source text is what runs in a thread of its own, so that it is found in a bundle as
 * well as here: it must refer to nothing outside of itself.
 */
export function tokenThread(): void {
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads')
  const { createRequire } = process.getBuiltinModule('node:module')
  /** Characters. The tokenizer takes the square of the time for a run of characters without a break. */
  const longestSlice = 4096

  const library = workerData as string
  const { countTokens } = createRequire(library)(library) as typeof import('gpt-tokenizer/encoding/o200k_base')
  // What looks like a token for machines is text here.
  const options = { disallowedSpecial: new Set<string>() }

  /** Where a slice may end, so that hardly any word is cut in two: after a line, else before a space. */
  const endOf = (text: string, start: number): number => {
    const end = start + longestSlice
    if (end >= text.length) return text.length
    const earliest = start + longestSlice / 2
    const line = text.lastIndexOf('\n', end - 1) + 1
    if (line > earliest) return line
    const space = text.lastIndexOf(' ', end)
    if (space > earliest) return space
    const code = text.charCodeAt(end)
    return code >= 0xdc00 && code <= 0xdfff ? end - 1 : end
  }

  parentPort?.on('message', ({ number, text }: TokenQuestion) => {
    let tokens = 0
    for (let start = 0; start < text.length; ) {
      const end = endOf(text, start)
      tokens += countTokens(text.slice(start, end), options)
      start = end
    }
    const answer: TokenAnswer = { number, tokens }
    parentPort?.postMessage(answer)
  })
}
