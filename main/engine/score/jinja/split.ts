import { Failure } from './failure.ts'
import { roomForItems } from './limits.ts'
import { SPACE_CLASS } from './space.ts'

const WORD = new RegExp(`(?:(?!${SPACE_CLASS})[\\s\\S])+`, 'g')

/** Python's `split(sep)`: at most `limit` cuts, counted from the end if asked; fewer than 0 means all. */
export function splitAt(text: string, separator: string, limit: number, fromEnd: boolean): string[] {
  if (separator === '') throw new Failure('the separator cannot be empty')
  const parts = text.split(separator)
  roomForItems(parts.length)
  if (limit < 0 || parts.length <= limit + 1) return parts
  if (fromEnd) return [parts.slice(0, parts.length - limit).join(separator), ...parts.slice(parts.length - limit)]
  return [...parts.slice(0, limit), parts.slice(limit).join(separator)]
}

/** Python's `split()`: at runs of white space; what is left over after `limit` cuts stays as it is written. */
export function splitSpace(text: string, limit: number, fromEnd: boolean): string[] {
  const words = [...text.matchAll(WORD)]
  roomForItems(words.length)
  const all = words.map(([word]) => word)
  if (limit < 0 || words.length <= limit) return all
  if (fromEnd) {
    const last = words[words.length - limit - 1]
    return [last ? text.slice(0, last.index + last[0].length) : '', ...all.slice(words.length - limit)]
  }
  return [...all.slice(0, limit), text.slice(words[limit]?.index)]
}
