import type { Span } from './span.ts'

const BORDER = /-----(BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g
/** Characters; the longest keys in use have less. */
const LONGEST = 16 * 1024
/** Where the end is missing: the lines that follow, as far as they hold nothing but what keys consist of. */
const BODY =
  /(?:(?:\r?\n|\\r\\n|\\n)[ \t\d>|:+*#→-]{0,20}(?:[A-Za-z0-9+/=]{0,200}|[A-Z][A-Za-z-]{2,20}: [\w ,.-]{0,100})(?=\r?\n|\\|"|'|$))*/y
/** Where the beginning is missing. */
const BODY_CHARACTER = /[A-Za-z0-9+/=\s\\]/

/** Private keys in PEM form, also where a text holds only their beginning or their end. */
export function* privateKeysIn(text: string): Generator<Span> {
  let begun: { readonly start: number; readonly body: number } | null = null
  let from = 0
  for (const { 0: border, 1: kind, index } of text.matchAll(BORDER)) {
    const end = index + border.length
    if (kind === 'BEGIN') {
      if (begun) yield cutOff(text, begun)
      begun = { start: index, body: end }
    } else if (begun && index - begun.body <= LONGEST) {
      yield { start: begun.start, end }
      begun = null
      from = end
    } else {
      if (begun) yield cutOff(text, begun)
      begun = null
      yield { start: bodyBefore(text, index, from), end }
      from = end
    }
  }
  if (begun) yield cutOff(text, begun)
}

function cutOff(text: string, { start, body }: { readonly start: number; readonly body: number }): Span {
  BODY.lastIndex = body
  BODY.exec(text)
  return { start, end: Math.max(body, BODY.lastIndex) }
}

function bodyBefore(text: string, end: number, from: number): number {
  let start = end
  while (start > from && end - start < LONGEST && BODY_CHARACTER.test(text.charAt(start - 1))) start -= 1
  return start
}
