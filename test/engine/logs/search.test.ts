import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLogReader } from '../../../main/engine/logs/log-window.ts'
import { createLogSearch, type LogPattern, type LogSearch } from '../../../main/engine/logs/search.ts'

const mb = 1024 * 1024

let folder: string
let file: string
let logs: LogSearch

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fermata-search-'))
  file = join(folder, 'stdout')
  logs = createLogSearch()
})
afterEach(async () => {
  logs.close()
  await rm(folder, { recursive: true, force: true })
})

const text = (words: string): LogPattern => ({ text: words, regex: false, caseSensitive: true })
const regex = (pattern: string): LogPattern => ({ text: pattern, regex: true, caseSensitive: true })
const places = (hits: readonly { line: number; column: number }[]) => hits.map(({ line, column }) => [line, column])

describe('a search in a log', () => {
  it('finds what the window shows, in the lines in which the window shows it', async () => {
    const parts = fc.oneof(
      fc
        .constantFrom('\n', '\n', '\r', '\r\n', 'ä', 'NEEDLE', 'nee', 'dle', 'needle', '\u001b[31m', '\u001b[0m')
        .map((part) => Buffer.from(part)),
      fc.uint8Array({ maxLength: 4 }),
      // Enough to get past a chunk.
      fc.integer({ min: 1, max: 30_000 }).map((times) => Buffer.from(`${'hay '.repeat(12)}\n`.repeat(times))),
    )
    const queries = fc.constantFrom<LogPattern>(
      text('needle'),
      { ...text('Needle'), caseSensitive: false },
      text('ä'),
      text('\u{fffd}'),
      regex('^n.*e$'),
      regex('^$'),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(parts, { maxLength: 30 }), queries, async (all, query) => {
        await writeFile(file, Buffer.concat(all))
        const window = await createLogReader().window(file, 1, Number.MAX_SAFE_INTEGER)
        const shown = window.lines.map(stripVTControlCharacters)
        const pattern = new RegExp(query.text, query.caseSensitive ? '' : 'i')
        const expected = shown.flatMap((line, index) => {
          const at = line.search(pattern)
          return at < 0 ? [] : [[index + 1, at + 1]]
        })
        const { hits, next, scannedBytes } = await logs.search(file, query, 1, Number.MAX_SAFE_INTEGER)
        expect(places(hits)).toEqual(expected)
        expect(next).toBeNull()
        expect(scannedBytes).toBe(window.sizeBytes)
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  it('finds words and characters that lie across the border of two chunks', async () => {
    for (const before of [mb - 2, mb - 1, mb, 2 * mb - 3]) {
      await writeFile(file, `${'x'.repeat(before - 1)}\n🎼 found\n`)
      expect((await logs.search(file, text('🎼 found'), 1, 9)).hits).toEqual([
        { line: 2, column: 1, text: '🎼 found', start: 0, end: 8 },
      ])
      await writeFile(file, `first\n${'x'.repeat(before - 8)}🎼 found`)
      expect(places((await logs.search(file, text('🎼 found'), 1, 9)).hits)).toEqual([[2, before - 7]])
    }
  })

  it('takes a text as it stands, and a pattern as scores write them', async () => {
    await writeFile(file, 'a+b (c)\naab\nAAB\n')
    expect(places((await logs.search(file, text('a+b (c)'), 1, 9)).hits)).toEqual([[1, 1]])
    expect(places((await logs.search(file, regex('a+b'), 1, 9)).hits)).toEqual([[2, 1]])
    expect(places((await logs.search(file, regex('(?i)^a+b'), 1, 9)).hits)).toEqual([
      [2, 1],
      [3, 1],
    ])
  })

  it('goes on where it stopped', async () => {
    await writeFile(file, Array.from({ length: 100_000 }, (_, index) => `line ${index + 1}\n`).join(''))
    const found: number[] = []
    let from: number | null = 1
    while (from !== null) {
      const { hits, next } = await logs.search(file, regex('^line \\d*999$'), from, 30)
      expect(hits.length).toBeLessThanOrEqual(30)
      found.push(...hits.map(({ line }) => line))
      from = next
    }
    expect(found).toEqual(Array.from({ length: 100 }, (_, index) => index * 1000 + 999))
  })

  it('clips a line around the hit', async () => {
    await writeFile(file, `${'a'.repeat(5000)}here${'b'.repeat(5000)}\n`)
    const [hit] = (await logs.search(file, text('here'), 1, 1)).hits
    expect(hit).toMatchObject({ line: 1, column: 5001, start: 80, end: 84 })
    expect(hit?.text).toBe(`${'a'.repeat(80)}here${'b'.repeat(216)}`)
  })

  it('looks through a line of 10 MB, and of a longer one through its beginning', async () => {
    await writeFile(file, `${'x'.repeat(10 * mb)}end\n${'y'.repeat(40 * mb)}end\nend`)
    expect(places((await logs.search(file, text('end'), 1, 9)).hits)).toEqual([
      [1, 10 * mb + 1],
      [3, 1],
    ])
  })

  it('of a progress line of many megabytes finds what stands there at last', async () => {
    await writeFile(file, `${'working\r'.repeat(4 * mb)}done\n`)
    expect((await logs.search(file, text('working'), 1, 9)).hits).toEqual([])
    expect(places((await logs.search(file, text('done'), 1, 9)).hits)).toEqual([[1, 1]])
  })

  it('of a missing file finds nothing', async () => {
    expect(await logs.search(file, text('a'), 1, 9)).toEqual({ hits: [], next: null, scannedBytes: 0 })
  })

  it('gives at most ten thousand hits, whatever numbers it is asked with', async () => {
    await writeFile(file, 'a\n'.repeat(10_002))
    const hits = async (from: number, limit: number) => (await logs.search(file, text('a'), from, limit)).hits.length
    expect(await hits(1, 1e9)).toBe(10_000)
    expect(await hits(Number.NaN, Number.NaN)).toBe(10_000)
    expect(await hits(-7.5, 2.9)).toBe(2)
  })

  it('says what is wrong with a pattern', async () => {
    await expect(logs.search(file, regex('(a'), 1, 9)).rejects.toMatchObject({ code: 'LOG_PATTERN_INVALID' })
  })

  it('is stopped when a pattern does not come to an end', async () => {
    await writeFile(file, `${'a'.repeat(50)}!\n`)
    await expect(logs.search(file, regex('^(a+)+$'), 1, 9)).rejects.toMatchObject({ code: 'LOG_PATTERN_ENDLESS' })
  })

  it('is ended by its signal, and by closing', async () => {
    await writeFile(file, `${'a'.repeat(50)}!\n`)
    const gone = new AbortController()
    const left = logs.search(file, regex('^(a+)+$'), 1, 9, gone.signal)
    gone.abort()
    const ENDED = { code: 'LOG_SEARCH_ENDED' }
    await expect(left).rejects.toMatchObject(ENDED)
    await expect(logs.search(file, text('a'), 1, 9, gone.signal)).rejects.toMatchObject(ENDED)
    const closed = logs.search(file, regex('^(a+)+$'), 1, 9)
    logs.close()
    await expect(closed).rejects.toMatchObject(ENDED)
  })

  it('tells a fault that is not a missing file', async () => {
    await expect(logs.search(folder, text('a'), 1, 9)).rejects.toThrow(/EISDIR/)
  })
})
