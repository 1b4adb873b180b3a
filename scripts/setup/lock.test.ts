import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { alone } from './lock.mjs'
import { unlessStamped } from './stamp.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fermata-setup-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('two set-ups in one folder', () => {
  it('work one after the other', async () => {
    const lock = join(folder, 'lock')
    const order: string[] = []
    const work = (name: string) =>
      alone(async () => {
        order.push(`${name} begins`)
        await new Promise((resolve) => setImmediate(resolve))
        order.push(`${name} ends`)
      }, lock)
    await Promise.all([work('one'), work('two')])
    expect(order).toEqual(['one begins', 'one ends', 'two begins', 'two ends'])
    expect(existsSync(lock)).toBe(false)
  })

  it('do not wait for one that died', async () => {
    const lock = join(folder, 'lock')
    const { pid } = spawnSync(process.execPath, ['-e', ''])
    writeFileSync(lock, String(pid))
    expect(await alone(async () => readFileSync(lock, 'utf8'), lock)).toBe(String(process.pid))
  })

  it('do not wait for one that failed', async () => {
    const lock = join(folder, 'lock')
    await expect(alone(() => Promise.reject(new Error('broken')), lock)).rejects.toThrow('broken')
    expect(await alone(async () => 'done', lock)).toBe('done')
  })
})

describe('stamped work', () => {
  it('is done once for each state of its sources, and again after it failed', async () => {
    const stamp = join(folder, 'stamp')
    let done = 0
    const work = () => {
      done += 1
    }
    await unlessStamped(stamp, 'a', work)
    await unlessStamped(stamp, 'a', work)
    expect(done).toBe(1)
    await unlessStamped(stamp, 'b', work)
    expect(done).toBe(2)
    const broken = unlessStamped(stamp, 'c', () => Promise.reject(new Error('broken')))
    await expect(broken).rejects.toThrow('broken')
    await unlessStamped(stamp, 'b', work)
    expect(done).toBe(3)
  })
})
