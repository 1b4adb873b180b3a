import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLogReader } from '../../../main/engine/logs/log-window.ts'
import { pruneLogs, type Retention } from '../../../main/engine/logs/prune-logs.ts'

const dayMs = 24 * 3_600_000
const now = Date.parse('2026-03-01T12:00:00Z')
let attemptsRoot: string

beforeEach(async () => {
  attemptsRoot = await mkdtemp(join(tmpdir(), 'fermata-prune-'))
})
afterEach(() => rm(attemptsRoot, { recursive: true, force: true }))

/** A file of an attempt, written so many days ago. */
async function put(path: string, days: number, bytes = 100): Promise<void> {
  const file = join(attemptsRoot, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, 'x'.repeat(bytes))
  const at = new Date(now - days * dayMs)
  await utimes(file, at, at)
}

async function files(): Promise<string[]> {
  const entries = await readdir(attemptsRoot, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(attemptsRoot.length + 1))
    .sort()
}

const prune = (given: Partial<Retention>): Promise<number> =>
  pruneLogs({ attemptsRoot, keepDays: 30, keepBytes: 1e9, now, isLive: () => false, ...given })

describe('the removal of old logs', () => {
  it('takes the output of finished jobs that is too old, and nothing else', async () => {
    await put('old/1-1/stdout', 31)
    await put('old/1-1/stderr', 40)
    await put('old/1-1/exit', 31)
    await put('old/1-2/stdout', 29)
    await put('old/1-2/stderr', 99)
    await put('old/hooks/hook-1/stdout', 31)
    await put('live/1-1/stdout', 31)
    expect(await prune({ isLive: (jobId) => jobId === 'live' })).toBe(300)
    expect(await files()).toEqual([
      'live/1-1/stdout',
      'old/1-1/exit',
      'old/1-1/logs-removed',
      'old/1-2/stderr',
      'old/1-2/stdout',
      'old/hooks/hook-1/logs-removed',
    ])
    expect(await prune({ isLive: (jobId) => jobId === 'live' })).toBe(0)
  })

  it('takes the oldest until the rest is small enough; what live jobs print does not count', async () => {
    for (const [job, days] of [
      ['a', 3],
      ['b', 1],
      ['c', 2],
      ['live', 9],
    ] as const)
      await put(`${job}/1-1/stdout`, days, 1000)
    expect(await prune({ keepBytes: 2000, isLive: (jobId) => jobId === 'live' })).toBe(1000)
    expect(await files()).toEqual(['a/1-1/logs-removed', 'b/1-1/stdout', 'c/1-1/stdout', 'live/1-1/stdout'])
  })

  it('does not touch a job that was resumed meanwhile', async () => {
    await put('a/1-1/stdout', 99)
    let asked = 0
    expect(await prune({ isLive: () => ++asked > 1 })).toBe(0)
    expect(await files()).toEqual(['a/1-1/stdout'])
  })

  it('is told by the window of the log', async () => {
    const logs = createLogReader()
    await put('a/1-1/stdout', 99)
    await put('a/1-1/stderr', 99, 0)
    await put('a/1-2/stdout', 99, 0)
    await prune({})
    const empty = { from: 1, lines: [], totalLines: 0, sizeBytes: 0, isGone: false }
    const window = (path: string) => logs.window(join(attemptsRoot, path), -10, 10)
    expect(await window('a/1-1/stdout')).toEqual({ ...empty, removedAt: now })
    expect(await window('a/1-2/stdout')).toEqual({ ...empty, removedAt: null })
  })

  it('finds nothing where nothing ever ran', async () => {
    expect(await prune({ attemptsRoot: join(attemptsRoot, 'none') })).toBe(0)
  })
})
