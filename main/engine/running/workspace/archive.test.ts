import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../../../test/support/place.ts'
import { aScore } from '../../../../test/support/score.ts'
import { archiveWorkspace } from './archive.ts'

const NOW = Date.parse('2026-06-17T14:00:00.123Z')

let place: Place

beforeEach(() => {
  place = makePlace()
})
afterEach(() => place.remove())

function write(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(place.inWorkspace(path)), { recursive: true })
    writeFileSync(place.inWorkspace(path), path)
  }
}

function archive(keys: object = {}, keep: readonly string[] = []) {
  const lifecycle = aScore({ workspace_lifecycle: { archive_on_fresh: true, ...keys } }).workspace_lifecycle
  return archiveWorkspace(place.workspace, lifecycle, NOW, keep)
}

const tree = (folder = place.workspace) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()

describe('the workspace before a fresh run', () => {
  it('is put away but for what the score preserves', async () => {
    write('out.md', 'sub/deep/a.md', '.iteration-notes', '.marianne-state.db', '.fermata-pause-x', '.coverage', '.worktrees/j/x')
    symlinkSync('/nowhere', place.inWorkspace('link'))
    expect(await archive()).toBe(place.inWorkspace('archive/iteration-1'))
    expect(tree()).toEqual([
      '.coverage',
      '.fermata-pause-x',
      '.marianne-state.db',
      '.worktrees/j/x',
      'archive/iteration-1/.iteration-notes',
      'archive/iteration-1/link',
      'archive/iteration-1/out.md',
      'archive/iteration-1/sub/deep/a.md',
    ])
    expect(existsSync(place.inWorkspace('sub'))).toBe(false)
    expect(lstatSync(place.inWorkspace('archive/iteration-1/link')).isSymbolicLink()).toBe(true)
  })

  it('stays as it is when archiving is off or there is nothing to put away', async () => {
    write('.fermata-x')
    expect(await archive()).toBeNull()
    write('out.md')
    expect(await archive({ archive_on_fresh: false })).toBeNull()
    expect(tree()).toEqual(['.fermata-x', 'out.md'])
  })

  it('keeps what lies deep in a folder, the repository, and whatever must stay', async () => {
    write('data/keep/a.csv', 'data/keep/b.txt', 'data/other', 'data2/x', '.git/HEAD', 'scores/me.yaml', 'scores/old.yaml')
    await archive({ preserve_patterns: ['data/keep/*.csv'] }, [place.inWorkspace('scores/me.yaml')])
    expect(tree().filter((path) => !path.startsWith('archive'))).toEqual(['.git/HEAD', 'data/keep/a.csv', 'scores/me.yaml'])
    expect(tree(place.inWorkspace('archive/iteration-1'))).toEqual([
      'data/keep/b.txt',
      'data/other',
      'data2/x',
      'scores/old.yaml',
    ])
  })
})

describe('archives', () => {
  it('are numbered as the score’s own file says, and never overwritten', async () => {
    write('a', '.iteration')
    writeFileSync(place.inWorkspace('.iteration'), '7\n')
    expect(await archive()).toBe(place.inWorkspace('archive/iteration-7'))
    write('a')
    expect(await archive()).toBe(place.inWorkspace('archive/iteration-8'))
    expect(readFileSync(place.inWorkspace('archive/iteration-7/a'), 'utf8')).toBe('a')
  })

  it('are named by time, each once', async () => {
    write('a')
    const first = await archive({ archive_naming: 'timestamp' })
    write('a')
    const second = await archive({ archive_naming: 'timestamp' })
    expect([first, second]).toEqual(['', '-2'].map((end) => place.inWorkspace(`archive/2026-06-17T14-00-00Z${end}`)))
  })

  it.each(['iteration', 'timestamp'])(
    'beyond the number to keep go, oldest first, and nothing else does: %s',
    async (archive_naming) => {
      write('archive/mine/x')
      const made: (string | null)[] = []
      for (let run = 0; run < 12; run++) {
        write('a')
        made.push(await archive({ archive_naming, max_archives: 2 }))
      }
      const left = readdirSync(place.inWorkspace('archive')).map((name) => place.inWorkspace(`archive/${name}`))
      expect(left.sort()).toEqual([place.inWorkspace('archive/mine'), ...made.slice(-2)].sort())
    },
  )

  it('lie where the score says: in the workspace, or anywhere by an absolute path', async () => {
    write('a', 'old/b')
    expect(await archive({ archive_dir: 'old/runs' })).toBe(place.inWorkspace('old/runs/iteration-1'))
    expect(tree()).toEqual(['old/runs/iteration-1/a', 'old/runs/iteration-1/old/b'])
    write('a')
    const elsewhere = join(place.root, 'elsewhere')
    expect(await archive({ archive_dir: elsewhere, preserve_patterns: ['old/**'] })).toBe(join(elsewhere, 'iteration-1'))
    expect(tree(elsewhere)).toEqual(['iteration-1/a'])
    write('a')
    await expect(archive({ archive_dir: '../elsewhere' })).rejects.toMatchObject({ code: 'ARCHIVE_OUTSIDE' })
    await expect(archive({ archive_dir: '.' })).rejects.toMatchObject({ code: 'ARCHIVE_OUTSIDE' })
  })
})
