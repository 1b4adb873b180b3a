import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { closeWorktree, openWorktree } from '../../../main/engine/running/workspace/worktree.ts'
import { makePlace, type Place } from '../../support/place.ts'
import { aScore } from '../../support/score.ts'

let place: Place
/** Nobody's own configuration takes part. */
let environment: NodeJS.ProcessEnv
/** A repository with one commit, made once: git takes its time. */
let model: string | null = null

beforeEach(() => {
  place = makePlace()
  const who = { NAME: 'Tester', EMAIL: 'tester@example.org' }
  environment = {
    PATH: process.env.PATH,
    HOME: place.root,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: who.NAME,
    GIT_AUTHOR_EMAIL: who.EMAIL,
    GIT_COMMITTER_NAME: who.NAME,
    GIT_COMMITTER_EMAIL: who.EMAIL,
    // What a git hook that starts Fermata would leave behind.
    GIT_DIR: '/nowhere',
  }
})
afterEach(() => place.remove())
afterAll(() => model !== null && rmSync(model, { recursive: true }))

function git(folder: string, ...args: string[]): string {
  const { GIT_DIR: _, ...env } = environment
  return execFileSync('git', ['-C', folder, ...args], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
}

function repository(): void {
  model ??= newRepository(mkdtempSync(join(tmpdir(), 'fermata-git-')))
  cpSync(model, place.workspace, { recursive: true })
}

function newRepository(folder: string): string {
  git(folder, 'init', '-q', '-b', 'main')
  writeFileSync(join(folder, 'a.md'), 'first')
  git(folder, 'add', '.')
  git(folder, 'commit', '-qm', 'first')
  return folder
}

const requestFor = (isolation: object = {}) => ({
  jobId: 'opera-1a2b',
  score: aScore({ workspace: place.workspace, isolation: { enabled: true, ...isolation } }),
  environment,
})
const open = (isolation: object = {}) => openWorktree(requestFor(isolation))
const close = (succeeded: boolean, isolation: object = {}) => closeWorktree(requestFor(isolation), succeeded)
const tree = () => place.inWorkspace('.worktrees/opera-1a2b')
const listed = () => git(place.workspace, 'worktree', 'list', '--porcelain')

function commit(name: string): void {
  writeFileSync(join(tree(), name), name)
  git(tree(), 'add', '.')
  git(tree(), 'commit', '-qm', name)
}

describe('a job in a worktree of its own', { timeout: 30_000 }, () => {
  it('works detached at what the repository has checked out, and locks it', async () => {
    repository()
    expect(await open()).toEqual({ folder: tree(), note: null })
    expect(readFileSync(join(tree(), 'a.md'), 'utf8')).toBe('first')
    expect(listed()).toMatch(/detached\nlocked Fermata job opera-1a2b, pid \d+/)
    expect(git(place.workspace, 'status', '--porcelain')).toBe('')
  })

  it('starts from the branch the score names', async () => {
    repository()
    git(place.workspace, 'checkout', '-qb', 'other')
    writeFileSync(place.inWorkspace('b.md'), '')
    git(place.workspace, 'add', '.')
    git(place.workspace, 'commit', '-qm', 'second')
    await open({ source_branch: 'main' })
    expect(existsSync(join(tree(), 'b.md'))).toBe(false)
  })

  it('lies where the score says, unlocked if it says so', async () => {
    repository()
    const { folder } = await open({ worktree_base: '../trees', lock_during_execution: false })
    expect(folder).toBe(join(place.root, 'trees/opera-1a2b'))
    expect(listed()).toContain(`worktree ${realpathSync(folder)}`)
    expect(listed()).not.toContain('locked')
    expect(existsSync(join(place.root, 'trees/.gitignore'))).toBe(false)
  })

  it('finds it again when the job goes on, with its work', async () => {
    repository()
    await open()
    writeFileSync(join(tree(), 'half.md'), 'half')
    expect(await open()).toEqual({ folder: tree(), note: null })
    expect(readFileSync(join(tree(), 'half.md'), 'utf8')).toBe('half')
    expect(listed()).toContain('locked')
  })

  it('gets a new one where the folder was deleted', async () => {
    repository()
    await open()
    rmSync(tree(), { recursive: true })
    expect(await open()).toEqual({ folder: tree(), note: null })
    expect(existsSync(join(tree(), 'a.md'))).toBe(true)
  })

  it('works in the workspace when it asks for none', async () => {
    expect(await open({ enabled: false })).toEqual({ folder: place.workspace, note: null })
    expect(await open({ mode: 'none' })).toEqual({ folder: place.workspace, note: null })
    expect(await close(true, { mode: 'none' })).toEqual({ removed: false, note: null })
  })

  it.each([
    ['there is no repository', () => {}, /not a git repository/],
    ['nothing was committed', () => void git(place.workspace, 'init', '-q'), /worktree add/],
    [
      'its folder is somebody else’s',
      () => {
        repository()
        mkdirSync(tree(), { recursive: true })
        writeFileSync(join(tree(), 'mine'), '')
      },
      /already exists/,
    ],
  ])('works in the workspace, or fails if that is not allowed, when %s', async (_, given, why) => {
    given()
    const place_ = await open()
    expect(place_.folder).toBe(place.workspace)
    expect(place_.note).toMatch(/^The job works in its workspace, not in a worktree: /)
    expect(place_.note).toMatch(why)
    await expect(open({ fallback_on_error: false })).rejects.toMatchObject({
      code: 'WORKTREE_FAILED',
      message: expect.stringMatching(why),
    })
  })

  it('takes no branch that git would read as an option', async () => {
    repository()
    await expect(open({ source_branch: '--force', fallback_on_error: false })).rejects.toMatchObject({
      message: expect.stringContaining('is no name of a branch'),
    })
  })

  it('says so when git is not there', async () => {
    environment.PATH = '/nowhere'
    expect((await open()).note).toContain('git is not installed')
  })
})

describe('a worktree whose job has ended', { timeout: 30_000 }, () => {
  it('is removed after success', async () => {
    repository()
    await open()
    expect(await close(true)).toEqual({ removed: true, note: null })
    expect(existsSync(tree())).toBe(false)
    expect(listed()).not.toContain('opera')
  })

  it('stays after failure, unlocked', async () => {
    repository()
    await open()
    expect(await close(false)).toEqual({ removed: false, note: `The worktree ${tree()} is kept.` })
    expect(existsSync(tree())).toBe(true)
    expect(listed()).not.toContain('locked')
    expect(await close(false, { cleanup_on_failure: true })).toMatchObject({ removed: true })
  })

  it('leaves its commits on a branch, each time one of its own', async () => {
    repository()
    for (const branch of ['fermata/opera-1a2b', 'fermata/opera-1a2b-2']) {
      await open()
      commit(`${branch.length}.md`)
      expect(await close(true, { branch_prefix: 'fermata/' })).toEqual({
        removed: true,
        note: `The job's commits are on the branch ${branch}.`,
      })
    }
    expect(git(place.workspace, 'show', 'fermata/opera-1a2b:18.md')).toBe('18.md')
  })

  it('makes no branch for commits that have one', async () => {
    repository()
    await open()
    git(tree(), 'checkout', '-qb', 'mine')
    commit('b.md')
    expect(await close(true)).toEqual({ removed: true, note: null })
    expect(git(place.workspace, 'branch', '--list', 'fermata/*')).toBe('')
  })

  it('is never thrown away with changes that were not committed', async () => {
    repository()
    await open()
    writeFileSync(join(tree(), 'precious.md'), '')
    expect(await close(true)).toEqual({
      removed: false,
      note: `The worktree ${tree()} has changes that were not committed; it is kept.`,
    })
    expect(existsSync(join(tree(), 'precious.md'))).toBe(true)
  })

  it('that is gone already, or never was, is nothing to speak of', async () => {
    repository()
    expect(await close(true)).toEqual({ removed: false, note: null })
    await open()
    rmSync(tree(), { recursive: true })
    expect(await close(true)).toEqual({ removed: false, note: null })
  })
})
