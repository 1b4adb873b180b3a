import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeFolder } from './make-folder.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fermata-folder-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('a folder', () => {
  it('is made with those above it, and may be there already', () => {
    const path = join(root, 'a', 'b', 'c')
    makeFolder(path, 0o700)
    makeFolder(path)
    expect(statSync(path).mode & 0o777).toBe(0o700)
  })

  it('below a file is refused', () => {
    writeFileSync(join(root, 'file'), '')
    expect(() => makeFolder(join(root, 'file', 'below'))).toThrow(/ENOTDIR|EEXIST/)
  })

  // The system says that /proc exists and that a folder cannot be made there for want of it.
  it.runIf(existsSync('/proc/self'))('that the system never makes is refused at once', () => {
    expect(() => makeFolder('/proc/none/of/this')).toThrow(/ENOENT|EACCES|EPERM/)
  })
})
