import { Lexer } from 'yaml'

/** The longest template there may be, and some more. */
const MOST_CHARACTERS = 640 * 1024
/** Pieces of syntax (words, colons, brackets) that can be read within 2 s and 256 MB; a long text is one piece. */
const MOST_PIECES = 150_000

/** Whether a text is more than can be read as a score. Looks no further than it must. */
export function isTooLarge(text: string): boolean {
  if (text.length > MOST_CHARACTERS) return true
  let pieces = 0
  for (const piece of new Lexer().lex(text)) {
    pieces += weightOf(piece)
    if (pieces > MOST_PIECES) return true
  }
  return false
}

/** Space and line ends take less than words. In double quotes every escape may be wrong, and be told as a fault of its own. */
function weightOf(piece: string): number {
  if (piece.startsWith('"')) return piece.split('\\').length
  return piece.trim() === '' ? 0.5 : 1
}
