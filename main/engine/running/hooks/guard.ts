const LONGEST = 4096

/** What comes before a word of its own in a shell line. */
const START = String.raw`(?:^|[\s;&|(\x60'"/])`
const OPTIONS = String.raw`(?:\s+-[-\w=]+)*`
/** The whole disk, the home folder, or a folder of the system. */
const EVERYTHING = String.raw`["']?(?:/|~|\$HOME|\$\{HOME\}|/(?:bin|boot|dev|etc|home|lib|lib64|opt|root|sbin|srv|sys|usr|var|Users|System|Library|Applications))/?\*?["']?(?=$|[\s;&|)\x60'"])`

const RUINOUS: readonly (readonly [RegExp, string])[] = [
  [new RegExp(String.raw`${START}rm(?=\s)(?=[^;&|\n]*\s(?:-\w*[rR]|--recursive))[^;&|\n]*\s${EVERYTHING}`), 'removes everything'],
  [new RegExp(String.raw`${START}find\s+${EVERYTHING}[^;|\n]*\s-delete\b`), 'removes everything'],
  [new RegExp(String.raw`${START}mkfs(?:\.\w+)?\s`), 'formats a disk'],
  [new RegExp(String.raw`${START}dd\s[^;&|\n]*\bof=["']?/dev/(?!null\b|stdout\b|stderr\b)`), 'writes over a disk'],
  [/>\s*["']?\/dev\/(?:sd|hd|vd|xvd|nvme|mmcblk|disk|rdisk)/, 'writes over a disk'],
  [/(\w+|:)\s*\(\)\s*\{\s*\1\s*\|\s*\1\s*&\s*\}/, 'starts itself without end'],
  [
    new RegExp(String.raw`${START}ch(?:mod|own|grp)${OPTIONS}\s+(?:-\w*R\w*|--recursive)[^;&|\n]*\s${EVERYTHING}`),
    'changes rights of the whole system',
  ],
]

/**
 * Why a hook's command is not run, as the end of a sentence that begins with the command; null when it is (Marianne §7.9). It
 * keeps slips from doing great harm; whoever means harm finds a way around it.
 */
export function refusal(command: string): string | null {
  if (command.length > LONGEST) return `is longer than ${LONGEST} characters`
  return RUINOUS.find(([pattern]) => pattern.test(command))?.[1] ?? null
}
