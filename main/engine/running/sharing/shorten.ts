const MARK = '[…]'

/** Which part of a long text is worth more. */
export type Kept = 'start' | 'end'

/**
 * A text of at most `most` characters (UTF-16 units), the mark that something is left out included. No character is cut in two.
 */
export function shorten(text: string, most: number, kept: Kept): string {
  if (text.length <= most) return text
  const mark = most > MARK.length * 2 ? MARK : ''
  const room = most - mark.length
  // A surrogate pair that the cut would go through is left out as a whole.
  if (kept === 'start') return `${text.slice(0, room).replace(/[\uD800-\uDBFF]$/, '')}${mark}`
  return room === 0 ? '' : `${mark}${text.slice(-room).replace(/^[\uDC00-\uDFFF]/, '')}`
}
