import type { Diagnostic } from '../errors.ts'
import type { Place } from './source.ts'

/** One finding about a score. */
export function finding(
  code: string,
  message: string,
  remedy: string | null,
  { line, column }: Place,
  severity: Diagnostic['severity'] = 'error',
): Diagnostic {
  return { code, severity, message, remedy, line, column }
}

/** More than this helps nobody, and a broken file may hold a hundred thousand mistakes. */
const MOST_FINDINGS = 100

/** The first findings, in the order of the file. What is not taken is not even looked for. */
export function firstFindings(found: Iterable<Diagnostic>): Diagnostic[] {
  const taken: Diagnostic[] = []
  for (const one of found) {
    taken.push(one)
    if (taken.length === MOST_FINDINGS) break
  }
  return taken
}

/** Words as code, in a sentence: `a`, `b` and `c`. */
export function wordList(words: readonly string[]): string {
  const quoted = words.map((word) => `\`${word}\``)
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`
}
