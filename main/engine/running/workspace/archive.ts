import { cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { FermataError } from '../../errors.ts'
import type { Score } from '../../score/score.ts'
import { type PathFit, pathPattern } from '../glob.ts'

type Lifecycle = Score['workspace_lifecycle']

/** What never moves, whatever the score says: a repository, worktrees git knows by their place, and our own files. */
const ALWAYS_KEPT = ['.git', '.worktrees/**', '.fermata-*']
const NAMES = { iteration: /^iteration-(\d+)$/, timestamp: /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(?:-(\d+))?$/ }

/**
 * Puts away what an earlier run left in the workspace, before a fresh one begins (Marianne §7.10): everything that
 * `preserve_patterns` does not name (paths relative to the workspace) moves to a new folder in `archive_dir`. Beyond
 * `max_archives`, the oldest are removed.
 *
 * @param now epoch ms
 * @param keep absolute paths that stay, such as the score file, which may lie in the workspace
 * @returns the new folder, absolute; null when archiving is off or there was nothing to put away
 * @throws FermataError ARCHIVE_OUTSIDE when a relative `archive_dir` leads out of the workspace; file-system errors as they come:
 *   what has moved by then is in the archive, nothing is lost
 */
export async function archiveWorkspace(
  workspace: string,
  lifecycle: Lifecycle,
  now: number,
  keep: readonly string[] = [],
): Promise<string | null> {
  if (!lifecycle.archive_on_fresh) return null
  const archives = archiveFolder(workspace, lifecycle.archive_dir)
  const kept = [...keep, archives].map((path) => relative(workspace, path).split(sep).join('/'))
  const patterns = [...ALWAYS_KEPT, ...lifecycle.preserve_patterns].map(pathPattern)
  const fitOf = (path: string): PathFit => {
    const fits = patterns.map((pattern) => pattern(path))
    if (kept.includes(path) || fits.includes('matches')) return 'matches'
    return fits.includes('leads') || kept.some((one) => one.startsWith(`${path}/`)) ? 'leads' : 'no'
  }
  // What is put away must not move into itself, even before there is an archive.
  await mkdir(archives, { recursive: true })
  const due = await leftovers(workspace, '', fitOf)
  if (due.length === 0) return null

  const folder = join(archives, await nextName(workspace, archives, lifecycle, now))
  await mkdir(folder, { recursive: true })
  for (const path of due) await move(join(workspace, path), join(folder, path))
  await removeOldest(archives, lifecycle)
  return folder
}

function archiveFolder(workspace: string, archiveDir: string): string {
  const folder = resolve(workspace, archiveDir)
  const inside = folder.startsWith(workspace.endsWith(sep) ? workspace : workspace + sep)
  if (isAbsolute(archiveDir) || inside) return folder
  throw new FermataError('ARCHIVE_OUTSIDE', `\`archive_dir\` "${archiveDir}" is not a folder in the workspace.`, {
    remedy: 'Name a folder in the workspace, or write an absolute path.',
  })
}

/** The topmost files and folders that move as a whole. Of a folder that holds something to keep, only the rest moves. */
async function leftovers(workspace: string, folder: string, fitOf: (path: string) => PathFit): Promise<string[]> {
  const entries = await readdir(join(workspace, folder), { withFileTypes: true }).catch(() => [])
  const due: string[] = []
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    const fit = fitOf(path)
    if (fit === 'matches') continue
    if (fit === 'no' || !entry.isDirectory()) due.push(path)
    else due.push(...((await holdsKept(workspace, path, fitOf)) ? await leftovers(workspace, path, fitOf) : [path]))
  }
  return due
}

/** Whether a folder that a pattern leads into really holds something to keep. */
async function holdsKept(workspace: string, folder: string, fitOf: (path: string) => PathFit): Promise<boolean> {
  for (const entry of await readdir(join(workspace, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`
    const fit = fitOf(path)
    if (fit === 'matches') return true
    if (fit === 'leads' && entry.isDirectory() && (await holdsKept(workspace, path, fitOf))) return true
  }
  return false
}

/** `iteration-N` with the number the score's own `.iteration` file tells, else the next one; or the time. Never one that exists. */
async function nextName(workspace: string, archives: string, { archive_naming }: Lifecycle, now: number): Promise<string> {
  const taken = await readdir(archives).catch((): string[] => [])
  if (archive_naming === 'timestamp') {
    const time = new Date(now)
      .toISOString()
      .replace(/\.\d+Z$/, 'Z')
      .replaceAll(':', '-')
    const same = taken.filter((name) => name.startsWith(time)).map((name) => Number(NAMES.timestamp.exec(name)?.[1] ?? 1))
    return same.length === 0 ? time : `${time}-${Math.max(...same) + 1}`
  }
  const told = (await readFile(join(workspace, '.iteration'), 'utf8').catch(() => '')).trim()
  if (/^\d{1,9}$/.test(told) && !taken.includes(`iteration-${Number(told)}`)) return `iteration-${Number(told)}`
  return `iteration-${Math.max(0, ...taken.map((name) => Number(NAMES.iteration.exec(name)?.[1] ?? 0))) + 1}`
}

async function move(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  try {
    await rename(from, to)
  } catch (error) {
    // An archive on another disk: copied in full before the original goes.
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error
    await cp(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true, errorOnExist: true, force: false })
    await rm(from, { recursive: true })
  }
}

/** Only folders that are named as archives are; others in there are somebody's own. */
async function removeOldest(archives: string, { max_archives, archive_naming }: Lifecycle): Promise<void> {
  if (max_archives === 0) return
  const pattern = NAMES[archive_naming]
  const names = (await readdir(archives)).filter((name) => pattern.test(name))
  const age = (name: string) => Number(pattern.exec(name)?.[1] ?? 0)
  const byTime = (name: string) => (archive_naming === 'timestamp' ? name.slice(0, 20) : '')
  names.sort((a, b) => byTime(a).localeCompare(byTime(b)) || age(a) - age(b))
  for (const name of names.slice(0, -max_archives)) await rm(join(archives, name), { recursive: true, force: true })
}
