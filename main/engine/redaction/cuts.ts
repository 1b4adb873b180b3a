import { tokenCutAt } from './formats.ts'
import type { Span } from './span.ts'

/** So many characters of a known value at a cut are taken for the value. */
const SHORTEST_PART = 3
/** Where somebody has shortened a text: "token…", "token …", "token[…]". */
const CUT = /(?:[ [(]?…[\])]? ?)+/g

/** What cuts through secrets left of them: of tokens of known services their beginning, of known values either end. */
export function* cutIn(text: string, values: readonly string[], cutAtEnd: boolean): Generator<Span> {
  const cuts = [...text.matchAll(CUT)].map(({ 0: sign, index }) => ({ before: index, behind: index + sign.length }))
  for (const { before, behind } of cutAtEnd ? [...cuts, { before: text.length, behind: text.length }] : cuts) {
    yield* tokenCutAt(text, before)
    for (const value of values) {
      yield { start: before - beginningBefore(text, before, value), end: before }
      yield { start: behind, end: behind + endBehind(text, behind, value) }
    }
  }
}

/** How many of its first characters stand right before `end`. */
function beginningBefore(text: string, end: number, value: string): number {
  if (end < SHORTEST_PART) return 0
  const last = text.slice(end - SHORTEST_PART, end)
  for (let at = value.lastIndexOf(last); at >= 0; at = at > 0 ? value.lastIndexOf(last, at - 1) : -1) {
    const length = at + SHORTEST_PART
    if (text.endsWith(value.slice(0, length), end)) return length
  }
  return 0
}

/** How many of its last characters stand right behind `start`. */
function endBehind(text: string, start: number, value: string): number {
  const first = text.slice(start, start + SHORTEST_PART)
  if (first.length < SHORTEST_PART) return 0
  for (let at = value.indexOf(first); at >= 0; at = value.indexOf(first, at + 1))
    if (text.startsWith(value.slice(at), start)) return value.length - at
  return 0
}
