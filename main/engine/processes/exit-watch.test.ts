import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AttemptExit } from '../ports.ts'
import { adoptedWatch } from './exit-watch.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fermata-watch-'))
  writeFileSync(join(folder, 'pid'), '4711\n')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Inodes the system tells this process of when something happens to them (proc(5)). */
function watchedInodes(): number[] {
  const inodes: number[] = []
  for (const fd of readdirSync('/proc/self/fdinfo')) {
    let text = ''
    try {
      text = readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8')
    } catch {
      // Closed meanwhile.
    }
    for (const [, inode] of text.matchAll(/^inotify wd:\w+ ino:(\w+)/gm)) inodes.push(Number.parseInt(inode ?? '', 16))
  }
  return inodes
}

describe('the watch over an adopted attempt', () => {
  // The process list never answers: the files alone tell.
  const { watch } = adoptedWatch({ startTimeOf: () => null, list: () => new Promise(() => {}) })

  it('is told of its end at once, by a file that nothing but its end changes', async () => {
    const exits: AttemptExit[] = []
    const dispose = watch(folder, { pid: 4711, startTime: 'then' }, (exit) => exits.push(exit))
    if (process.platform === 'linux') {
      expect(watchedInodes()).toContain(statSync(join(folder, 'pid')).ino)
      // It changes with every line that is printed.
      expect(watchedInodes()).not.toContain(statSync(folder).ino)
    }
    writeFileSync(join(folder, 'exit'), '3\n')
    writeFileSync(join(folder, 'pid'), '4711\n')
    await expect.poll(() => exits).toEqual([{ kind: 'exited', status: 3 }])
    dispose()
  })
})
