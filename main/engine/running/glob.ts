import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { FermataError } from '../errors.ts'

/** One part of a pattern between slashes: a name, names with wildcards, or `**`: any folders. */
type Part = string | RegExp
const ANY_FOLDERS = '**'

/** A search of whole trees ends after this many entries: a workspace may hold a copy of the world. */
const MOST_ENTRIES = 200_000

/** `*`, `?`, `[abc]` and `[!a-z]` as in a shell: a wildcard does not stand for a leading dot. */
function partOf(text: string): Part {
  if (text === ANY_FOLDERS || !/[*?[]/.test(text)) return text
  const source = text.replace(/\[(!?)([^\]]+)\]|\*+|[\s\S]/g, (match, not?: string, set?: string) => {
    if (set !== undefined) return `[${not ? '^' : ''}${set.replace(/[\\^[]/g, '\\$&')}]`
    if (match.startsWith('*')) return '[^/]*'
    if (match === '?') return '[^/]'
    return match.replace(/[\\^$.|+()[\]{}]/, '\\$&')
  })
  try {
    return new RegExp(`^${/^[*?[]/.test(text) ? '(?!\\.)' : ''}${source}$`, 'su')
  } catch {
    // A set that makes no sense, such as [z-a], stands for itself.
    return text
  }
}

const partsOf = (pattern: string): Part[] =>
  pattern
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .map(partOf)

const fits = (part: Part, name: string): boolean => (typeof part === 'string' ? part === name : part.test(name))

/** How a path relates to a pattern: it matches it (or lies below what `…/**` names), leads towards it, or neither. */
export type PathFit = 'matches' | 'leads' | 'no'

/** Tells of paths (relative, with `/`) how they relate to the pattern. */
export function pathPattern(pattern: string): (path: string) => PathFit {
  const parts = partsOf(pattern)
  const compare = (at: number, names: readonly string[]): PathFit => {
    const [part] = parts.slice(at, at + 1)
    const [name, ...rest] = names
    if (part === undefined) return name === undefined ? 'matches' : 'no'
    if (part === ANY_FOLDERS) {
      if (at === parts.length - 1) return 'matches'
      const here = compare(at + 1, names)
      if (here === 'matches') return here
      return name === undefined ? 'leads' : compare(at, rest)
    }
    if (name === undefined) return 'leads'
    return fits(part, name) ? compare(at + 1, rest) : 'no'
  }
  return (path) => compare(0, path.split('/'))
}

/**
 * The regular files a pattern names, as sorted absolute paths. Folders whose name begins with a dot and links to folders are
 * entered only where the pattern names them.
 *
 * @param pattern absolute, or relative to `base`; what stands literally for `base` in front is taken literally
 * @throws FermataError PATH_OUTSIDE when a relative pattern climbs out of `base`
 */
export async function glob(pattern: string, base: string): Promise<readonly string[]> {
  const within = pattern.startsWith(`${base}/`) ? pattern.slice(base.length) : pattern
  const from = isAbsolute(pattern) && within === pattern ? '/' : base
  const parts = partsOf(within)
  if (from === base) refuseClimbing(parts, pattern)

  const found = new Set<string>()
  let seen = 0
  const entriesOf = async (folder: string): Promise<readonly Dirent[]> => {
    const entries = seen < MOST_ENTRIES ? await readdir(folder, { withFileTypes: true }).catch(() => []) : []
    seen += entries.length
    return entries
  }
  const walk = async (folder: string, at: number): Promise<void> => {
    const [part] = parts.slice(at, at + 1)
    const last = at === parts.length - 1
    if (part === undefined) return
    if (part === ANY_FOLDERS) {
      for (const entry of await entriesOf(folder)) {
        if (entry.name.startsWith('.')) continue
        if (entry.isDirectory()) await walk(join(folder, entry.name), at)
        else if (last) await add(join(folder, entry.name))
      }
      if (!last) await walk(folder, at + 1)
      return
    }
    const names =
      typeof part === 'string' ? [part] : (await entriesOf(folder)).map(({ name }) => name).filter((name) => fits(part, name))
    for (const name of names) {
      if (last) await add(join(folder, name))
      else await walk(join(folder, name), at + 1)
    }
  }
  const add = async (path: string): Promise<void> => {
    if ((await stat(path).catch(() => null))?.isFile()) found.add(path)
  }
  await walk(from, 0)
  return [...found].sort()
}

function refuseClimbing(parts: readonly Part[], pattern: string): void {
  let depth = 0
  for (const part of parts) {
    depth += part === '..' ? -1 : 1
    if (depth >= 0) continue
    throw new FermataError('PATH_OUTSIDE', `"${pattern}" leads out of the workspace.`, {
      remedy: 'Write an absolute path if that is what you mean.',
    })
  }
}
