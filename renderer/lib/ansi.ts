import Anser from 'anser'

/** A stretch of a line in one look. `tone` is one of the theme's roles: a terminal's own colours would break contrast. */
export interface Span {
  readonly text: string
  readonly tone: 'text' | 'dim' | 'run' | 'ok' | 'wait' | 'pause' | 'fail'
  readonly bold: boolean
}

const TONES: Readonly<Record<string, Span['tone']>> = {
  black: 'dim',
  red: 'fail',
  green: 'ok',
  yellow: 'wait',
  blue: 'run',
  magenta: 'pause',
  cyan: 'run',
  white: 'text',
}

/** Operating-system commands (window titles, links): nothing to see in a log. Control characters are what this is about. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal sequences are made of them
const OSC = /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g

/** Terminal output → spans. A line that overwrote itself with carriage returns shows its last state, as a terminal would. */
export function readAnsi(line: string): readonly Span[] {
  const kept = line.replace(/\r+$/, '')
  const visible = kept.slice(kept.lastIndexOf('\r') + 1)
  if (!visible.includes('\u001b')) return visible === '' ? [] : [{ text: visible, tone: 'text', bold: false }]
  return Anser.ansiToJson(visible.replace(OSC, ''), { json: true, use_classes: true, remove_empty: true }).map(
    ({ content, fg, decorations }) => ({
      text: content,
      tone: TONES[fg?.replace(/^ansi-(bright-)?/, '')] ?? (decorations.includes('dim') ? 'dim' : 'text'),
      bold: decorations.includes('bold'),
    }),
  )
}
