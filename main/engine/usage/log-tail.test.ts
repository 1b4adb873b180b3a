import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { capLogs } from '../logs/cap-logs.ts'
import { LogTail } from './log-tail.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fermata-tail-'))
  file = join(folder, 'stdout')
})
afterEach(() => rm(folder, { recursive: true }))

/** What a look brings. */
async function look(tail: LogTail) {
  const lines: string[] = []
  const growth = await tail.read((batch) => void lines.push(...batch.map(String)))
  return { ...growth, lines }
}

/** 1000 numbered lines of some 1000 bytes. */
const numbered = (from: number) => Array.from({ length: 1000 }, (_, at) => `line ${from + at} ${'x'.repeat(980)}\n`).join('')
const numberOf = (line: string) => Number(/^line (\d+) /.exec(line)?.[1] ?? Number.NaN)

describe('a log that is read while it grows', () => {
  it('gives every line once, whole', async () => {
    const tail = new LogTail(file)
    expect((await look(tail)).lines).toEqual([])
    await writeFile(file, 'one\ntw')
    expect((await look(tail)).lines).toEqual(['one'])
    await appendFile(file, 'o\nthr')
    expect((await look(tail)).lines).toEqual(['two'])
    expect(await look(tail)).toMatchObject({ bytes: 0, lines: [] })
    await appendFile(file, 'ee\n')
    expect((await look(tail)).lines).toEqual(['three'])
  })

  it('is read in parts of 8 MB at most, and lines of more than 4 MB are left out', async () => {
    const tail = new LogTail(file)
    await writeFile(file, `first\n${'x'.repeat(9_000_000)}\nlast\n`)
    expect(await look(tail)).toMatchObject({ bytes: 8 * 1024 * 1024, lines: ['first'] })
    expect((await look(tail)).lines).toEqual(['last'])
  })

  it('goes on at the same place when its middle is taken out, as often as that happens', async () => {
    const tail = new LogTail(file)
    const seen: number[] = []
    for (let thousand = 0; thousand < 6; thousand++) {
      await appendFile(file, numbered(thousand * 1000))
      const { lines, missed, isOther } = await look(tail)
      expect({ missed, isOther }).toEqual({ missed: false, isOther: false })
      seen.push(...lines.map(numberOf))
      // Half a line was read when the log was cut.
      if (thousand === 3) await appendFile(file, 'line 4000')
      if (thousand === 3) await look(tail)
      await capLogs(folder, 1_500_000)
      if (thousand === 3) await appendFile(file, ' and its end\n')
    }
    expect(seen.filter((number) => number === 4000).length).toBe(2)
    expect(seen.filter((number, at) => at > 0 && number !== (seen[at - 1] ?? 0) + 1 && number !== 4000)).toEqual([])
    expect(seen.length).toBe(6001)
  })

  it('says so when something was taken out before it was read, and goes on with whole lines', async () => {
    const tail = new LogTail(file)
    await writeFile(file, numbered(0))
    await look(tail)
    await appendFile(file, numbered(1000) + numbered(2000))
    await capLogs(folder, 1_500_000)
    const { lines, missed } = await look(tail)
    expect(missed).toBe(true)
    expect(lines.map(numberOf).at(-1)).toBe(2999)
    expect(lines.every((line) => line.length > 980)).toBe(true)
  })

  it('of an earlier Fermata gives what is left of it, and the mark where the rest was', async () => {
    await writeFile(file, numbered(0) + numbered(1000))
    await capLogs(folder, 1_500_000)
    const tail = new LogTail(file)
    const { lines } = await look(tail)
    expect(lines.some((line) => line.startsWith('[Fermata left out'))).toBe(true)
    await appendFile(file, numbered(2000))
    expect((await look(tail)).lines.map(numberOf)[0]).toBe(2000)
    await capLogs(folder, 1_500_000)
    await appendFile(file, numbered(3000))
    const { lines: more, missed } = await look(tail)
    expect({ first: more.map(numberOf)[0], count: more.length, missed }).toEqual({ first: 3000, count: 1000, missed: false })
  })

  it('begins anew when it is another one, and fails when it is gone', async () => {
    const tail = new LogTail(file)
    await writeFile(file, 'one\ntwo\n')
    await look(tail)
    await truncate(file, 0)
    await appendFile(file, 'other\n')
    expect(await look(tail)).toMatchObject({ isOther: true })
    expect((await look(tail)).lines).toEqual(['other'])
    expect(await readFile(file, 'utf8')).toBe('other\n')
    await rm(file)
    await expect(look(tail)).rejects.toThrow('ENOENT')
  })
})
