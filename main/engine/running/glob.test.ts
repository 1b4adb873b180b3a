import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { glob, pathPattern } from './glob.ts'

let base: string

beforeEach(() => {
  // Its name looks like a set of characters: it must be taken literally.
  base = join(mkdtempSync(join(tmpdir(), 'fermata-glob-')), '[w]')
  for (const path of ['a1.md', 'a2.md', 'b.txt', '.hidden.md', 'sub/c.md', 'sub/deep/d.md', '.git/e.md', 'sub/[x].md']) {
    mkdirSync(dirname(join(base, path)), { recursive: true })
    writeFileSync(join(base, path), '')
  }
  symlinkSync(base, join(base, 'sub/round'))
})
afterEach(() => rmSync(dirname(base), { recursive: true }))

const found = async (pattern: string) => (await glob(pattern, base)).map((path) => relative(base, path))

describe('files a pattern names', () => {
  it.each([
    ['*.md', ['a1.md', 'a2.md']],
    ['a?.md', ['a1.md', 'a2.md']],
    ['a[!1].md', ['a2.md']],
    ['./b.txt', ['b.txt']],
    ['.*.md', ['.hidden.md']],
    ['sub/*.md', ['sub/[x].md', 'sub/c.md']],
    ['sub/[[]x].md', ['sub/[x].md']],
    ['*/*/*.md', ['sub/deep/d.md', 'sub/round/a1.md', 'sub/round/a2.md']],
    ['**/*.md', ['a1.md', 'a2.md', 'sub/[x].md', 'sub/c.md', 'sub/deep/d.md']],
    ['sub/**', ['sub/[x].md', 'sub/c.md', 'sub/deep/d.md']],
    ['sub', []],
    ['sub/../b.txt', ['b.txt']],
    ['nothing/*.md', []],
    ['[z-a].md', []],
  ])('%s', async (pattern, expected) => {
    expect(await found(pattern)).toEqual(expected)
  })

  it('may be named by an absolute path, in the base or elsewhere', async () => {
    expect(await found(`${base}/a*.md`)).toEqual(['a1.md', 'a2.md'])
    expect(await glob('/etc/host[s]', base)).toEqual(['/etc/hosts'])
  })

  it('are not looked for outside the base unless the path is absolute', async () => {
    await expect(glob('sub/../../*', base)).rejects.toMatchObject({
      code: 'PATH_OUTSIDE',
      remedy: expect.stringContaining('absolute'),
    })
  })
})

describe('a path compared with a pattern', () => {
  it.each([
    ['archive/**', 'archive', 'matches'],
    ['archive/**', 'archive/1/x', 'matches'],
    ['archive/**', 'archives', 'no'],
    ['data/keep/*.csv', 'data', 'leads'],
    ['data/keep/*.csv', 'data/keep/a.csv', 'matches'],
    ['data/keep/*.csv', 'data/other', 'no'],
    ['**/x', 'a/b', 'leads'],
    ['**/x', 'a/b/x', 'matches'],
    ['.marianne-*', '.marianne-state.db', 'matches'],
    ['*.md', 'a/b.md', 'no'],
  ])('%s, %s: %s', (pattern, path, fit) => {
    expect(pathPattern(pattern)(path)).toBe(fit)
  })
})
