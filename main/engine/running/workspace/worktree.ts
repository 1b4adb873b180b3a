import { existsSync, realpathSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { FermataError } from '../../errors.ts'
import type { Score } from '../../score/score.ts'
import { assertGit, createGit, type Git } from './git.ts'

export interface WorktreeRequest {
  readonly jobId: string
  readonly score: Pick<Score, 'workspace' | 'isolation'>
  readonly environment: NodeJS.ProcessEnv
}

/** Where a job's attempts work. */
export interface Workplace {
  /** Absolute: the worktree, or the workspace where there is none. */
  readonly folder: string
  /** Why there is no worktree though the score asks for one; else null. */
  readonly note: string | null
}

/** What became of a worktree. */
export interface ClosedWorktree {
  readonly removed: boolean
  /** What its user should know, such as where the work is; null when there is nothing to know. */
  readonly note: string | null
}

interface KnownWorktree {
  readonly path: string
  readonly locked: boolean
}

const pathOf = ({ jobId, score: { workspace, isolation } }: WorktreeRequest): string =>
  join(resolve(workspace, isolation.worktree_base ?? '.worktrees'), jobId)

const real = (path: string): string => (existsSync(path) ? realpathSync(path) : path)

/** The worktree git knows at this place; undefined when there is none. */
async function knownAt(git: Git, workspace: string, path: string): Promise<KnownWorktree | undefined> {
  const list = await git(workspace, 'worktree', 'list', '--porcelain')
  const known = list.split('\n\n').map((entry) => ({
    path: /^worktree (.*)$/m.exec(entry)?.[1] ?? '',
    locked: /^locked\b/m.test(entry),
  }))
  return known.find((worktree) => real(worktree.path) === real(path))
}

/**
 * Gives a job a git worktree of its own (Marianne §7.11), at `<worktree_base or workspace/.worktrees>/<job>`, detached at
 * `source_branch` or what the workspace's repository has checked out, and locked. One that is there is used again, as when a job
 * goes on. Where it cannot be had the job works in its workspace, if `fallback_on_error` allows.
 *
 * @throws FermataError WORKTREE_FAILED when it cannot be had and `fallback_on_error` is off
 */
export async function openWorktree(request: WorktreeRequest): Promise<Workplace> {
  const { workspace, isolation } = request.score
  if (!isolation.enabled || isolation.mode === 'none') return { folder: workspace, note: null }
  try {
    return { folder: await openIn(createGit(request.environment), request), note: null }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    if (isolation.fallback_on_error)
      return { folder: workspace, note: `The job works in its workspace, not in a worktree: ${why}` }
    throw new FermataError('WORKTREE_FAILED', `The job cannot have a git worktree: ${why}`, {
      remedy: 'Choose a workspace in a git repository with a commit, or set `isolation.fallback_on_error: true`.',
      cause: error,
    })
  }
}

async function openIn(git: Git, request: WorktreeRequest): Promise<string> {
  const { jobId, score } = request
  const { workspace, isolation } = score
  await assertGit(git)
  const path = pathOf(request)
  const known = await knownAt(git, workspace, path)
  if (known?.locked) await git(workspace, 'worktree', 'unlock', path)
  if (!known || !existsSync(path)) {
    const base = dirname(path)
    await mkdir(base, { recursive: true })
    // A folder of our own inside a repository is not its content.
    if (isolation.worktree_base === null) await writeFile(join(base, '.gitignore'), '*\n')
    // Doubled, `--force` takes the place of one whose folder was deleted, and of nothing else.
    const again = known ? ['--force', '--force'] : []
    await git(workspace, 'worktree', 'add', ...again, '--detach', path, startOf(isolation))
  }
  if (isolation.lock_during_execution) {
    await git(workspace, 'worktree', 'lock', '--reason', `Fermata job ${jobId}, pid ${process.pid}`, path)
  }
  return path
}

/** @throws FermataError for what git would take for an option */
function startOf({ source_branch: branch }: Score['isolation']): string {
  if (branch?.startsWith('-')) throw new FermataError('BRANCH_INVALID', `\`source_branch\` "${branch}" is no name of a branch.`)
  return branch ?? 'HEAD'
}

/**
 * Gives a worktree back when its job has ended, to be called for no other reason: it is unlocked, and removed if the score says
 * so. Work is never thrown away: commits no branch has are kept as the branch `<branch_prefix>/<job>`, and a worktree with
 * changes that were not committed stays. Never rejects.
 */
export async function closeWorktree(request: WorktreeRequest, succeeded: boolean): Promise<ClosedWorktree> {
  const { enabled, mode, cleanup_on_success, cleanup_on_failure } = request.score.isolation
  if (!enabled || mode === 'none') return { removed: false, note: null }
  const path = pathOf(request)
  try {
    return await closeIn(createGit(request.environment), request, succeeded ? cleanup_on_success : cleanup_on_failure)
  } catch (error) {
    return { removed: false, note: `The worktree ${path} stays: ${error instanceof Error ? error.message : String(error)}` }
  }
}

async function closeIn(git: Git, request: WorktreeRequest, remove: boolean): Promise<ClosedWorktree> {
  const { workspace } = request.score
  const path = pathOf(request)
  if (!existsSync(path)) return { removed: false, note: null }
  const known = await knownAt(git, workspace, path)
  if (!known) return { removed: false, note: null }
  if (known.locked) await git(workspace, 'worktree', 'unlock', path)
  if (!remove) return { removed: false, note: `The worktree ${path} is kept.` }
  if ((await git(path, 'status', '--porcelain')) !== '') {
    return { removed: false, note: `The worktree ${path} has changes that were not committed; it is kept.` }
  }
  const branch = await keepCommits(git, request, path)
  await git(workspace, 'worktree', 'remove', path)
  return { removed: true, note: branch && `The job's commits are on the branch ${branch}.` }
}

/** Puts a branch on commits that would be lost with the worktree; null when there are none. */
async function keepCommits(git: Git, { jobId, score }: WorktreeRequest, path: string): Promise<string | null> {
  const head = await git(path, 'rev-parse', 'HEAD')
  if ((await git(path, 'for-each-ref', '--contains', head, '--count=1')) !== '') return null
  const name = `${score.isolation.branch_prefix.replace(/\/+$/, '')}/${jobId}`
  const taken = (await git(path, 'for-each-ref', '--format=%(refname:short)', `refs/heads/${name}*`)).split('\n')
  let branch = name
  for (let count = 2; taken.includes(branch); count++) branch = `${name}-${count}`
  await git(path, 'branch', branch, head)
  return branch
}
