import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLogReader } from '../../../main/engine/logs/log-window.ts'
import type { LogWindow } from '../../../main/engine/views.ts'

let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fermata-log-'))
  file = join(folder, 'stdout')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** What a window is, said in the plainest way: the whole file in memory. */
function expected(bytes: Buffer, from: number, count: number): LogWindow {
  const all = bytes.toString('latin1').split('\n')
  if (all.at(-1) === '') all.pop()
  const lines = all.map((line) => {
    const shown = line.replace(/\r+$/, '').split('\r').at(-1) ?? ''
    return Buffer.from(shown, 'latin1').toString('utf8')
  })
  const first = Math.max(1, from < 0 ? lines.length + from + 1 : from)
  return {
    from: first,
    lines: lines.slice(first - 1, first - 1 + count),
    totalLines: lines.length,
    sizeBytes: bytes.length,
    removedAt: null,
    isGone: false,
  }
}

const bytes = fc
  .array(
    fc.oneof(
      fc.constantFrom('\n', '\r', '\r\n', 'ä', '🎼', 'word ').map((part) => Buffer.from(part)),
      fc.uint8Array({ maxLength: 4 }),
      // Enough to get past the remembered line starts, and past one chunk.
      fc.integer({ min: 1, max: 9000 }).map((times) => Buffer.from(`${'line of text '.repeat(3)}\n`.repeat(times))),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Buffer.concat(parts))

describe('a window of a log', () => {
  it('is there whatever numbers it is asked with', async () => {
    await writeFile(file, 'a\nb\nc\n')
    const asked = async (from: number, count: number) => (await createLogReader().window(file, from, count)).lines
    expect(await asked(Number.NaN, 1)).toEqual(['a'])
    expect(await asked(1, Number.NaN)).toEqual([])
    expect(await asked(2.5, 1.9)).toEqual(['b'])
    expect(await asked(-2.5, Number.POSITIVE_INFINITY)).toEqual(['b', 'c'])
  })

  it('is what a plain reading of the whole file gives, also while the file grows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(bytes, { minLength: 1, maxLength: 3 }),
        fc.array(fc.tuple(fc.integer({ min: -30_000, max: 30_000 }), fc.integer({ min: 1, max: 50 })), {
          minLength: 1,
          maxLength: 3,
        }),
        async (parts, questions) => {
          await rm(file, { force: true })
          const logs = createLogReader()
          let whole = Buffer.alloc(0)
          for (const part of parts) {
            await appendFile(file, part)
            whole = Buffer.concat([whole, part])
            for (const [from, count] of questions)
              expect(await logs.window(file, from, count)).toEqual(expected(whole, from, count))
          }
        },
      ),
      { numRuns: 60 },
    )
  }, 60_000)

  it('of a missing file is empty, and shows it once it is there', async () => {
    const logs = createLogReader()
    expect(await logs.window(file, -10, 10)).toMatchObject({ lines: [], totalLines: 0, removedAt: null, isGone: true })
    await writeFile(file, 'here\n')
    expect((await logs.window(file, -10, 10)).lines).toEqual(['here'])
  })

  it('shows a truncated or replaced file as it is now', async () => {
    const logs = createLogReader()
    await writeFile(file, 'one\ntwo\nthree\n')
    expect((await logs.window(file, 1, 9)).lines).toEqual(['one', 'two', 'three'])

    await truncate(file, 4)
    expect(await logs.window(file, 1, 9)).toEqual({
      from: 1,
      lines: ['one'],
      totalLines: 1,
      sizeBytes: 4,
      removedAt: null,
      isGone: false,
    })

    // The same inode, longer than before: only its content tells.
    await writeFile(file, 'new 1\nnew 2\n')
    expect((await logs.window(file, 1, 9)).lines).toEqual(['new 1', 'new 2'])

    await writeFile(join(folder, 'other'), 'new 1\nnew 2\nand a third\n')
    await rename(join(folder, 'other'), file)
    expect((await logs.window(file, -1, 1)).lines).toEqual(['and a third'])
  })

  it('answers many questions at once alike', async () => {
    const logs = createLogReader()
    const whole = Buffer.from(Array.from({ length: 50_000 }, (_, index) => `line ${index + 1}\n`).join(''))
    await writeFile(file, whole)
    const windows = await Promise.all([1, 25_000, -3, 49_999].map((from) => logs.window(file, from, 2)))
    expect(windows).toEqual([1, 25_000, -3, 49_999].map((from) => expected(whole, from, 2)))
  })

  it('clips a line of 10 MB and finds the lines after it', async () => {
    await writeFile(file, `${'x'.repeat(10_000_000)}\nafter\n`)
    const { lines, totalLines } = await createLogReader().window(file, 1, 5)
    expect(totalLines).toBe(2)
    expect(lines[0]).toMatch(/^x{16384} … \[line clipped: 10000000 bytes\]$/)
    expect(lines[1]).toBe('after')
  })

  it('tells a fault that is not a missing file', async () => {
    await expect(createLogReader().window(folder, 1, 1)).rejects.toThrow(/EISDIR/)
  })
})
