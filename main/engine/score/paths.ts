/** Folders that paths of a score are resolved against; both absolute. */
export interface PathContext {
  /** The folder the score file is in. */
  readonly directory: string
  /** The user's home, for a leading `~`. */
  readonly home: string
}

const DRIVE = /^[A-Za-z]:[\\/]/
const UNC = /^\\\\[^\\/]+[\\/]+[^\\/]+/

/** Makes a path of a score absolute: against the score's folder, or the home folder after `~/`. POSIX and Windows paths. */
export function resolveScorePath(path: string, { directory, home }: PathContext): string {
  const fromHome = /^~(?=$|[\\/])/.test(path)
  const base = fromHome ? home : directory
  const rest = fromHome ? path.slice(1) : path
  const windows = DRIVE.test(base) || UNC.test(base)
  if (!fromHome && (windows ? DRIVE.test(rest) || UNC.test(rest) : rest.startsWith('/'))) return normalize(rest, windows)
  if (!fromHome && windows && /^[\\/]/.test(rest)) return normalize(rootOf(base, true) + rest, windows)
  return normalize(`${base}/${rest}`, windows)
}

function rootOf(path: string, windows: boolean): string {
  if (!windows) return '/'
  return UNC.exec(path)?.[0] ?? path.slice(0, 2)
}

/** Takes out `.`, `..` and doubled separators; never climbs above the root. */
function normalize(path: string, windows: boolean): string {
  const root = rootOf(path, windows)
  const kept: string[] = []
  for (const part of path.slice(root.length).split(windows ? /[\\/]/ : '/')) {
    if (part === '..') kept.pop()
    else if (part !== '' && part !== '.') kept.push(part)
  }
  return windows ? `${root}\\${kept.join('\\')}` : root + kept.join('/')
}
