/** A part of a text: from `start` (inclusive) to `end` (exclusive), in UTF-16 units. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** In order, those that touch or overlap as one, empty ones left out. */
export function merged(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = []
  for (const span of spans.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start)) {
    const last = result.at(-1)
    if (last && span.start <= last.end) result[result.length - 1] = { start: last.start, end: Math.max(last.end, span.end) }
    else result.push(span)
  }
  return result
}

/** The text from `from` to `to` with a sign in the place of each span; of one that goes over the border, too. */
export function covered(
  text: string,
  spans: readonly Span[],
  sign: (hidden: string) => string,
  from = 0,
  to = text.length,
): string {
  let result = ''
  let at = from
  for (const span of spans) {
    const start = Math.max(span.start, from)
    const end = Math.min(span.end, to)
    if (end <= start) continue
    result += text.slice(at, start) + sign(text.slice(start, end))
    at = end
  }
  return result + text.slice(at, to)
}
