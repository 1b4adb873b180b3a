import { appendFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { capLogs } from '../../../main/engine/logs/cap-logs.ts'
import { markBytes } from '../../../main/engine/logs/cut.ts'
import { createLogReader } from '../../../main/engine/logs/log-window.ts'
import { lastOutputAt } from '../../../main/engine/processes/last-output.ts'
import { ended, eventually, manageAttempts } from '../processes/attempts.ts'

const mb = 1024 * 1024
const cap = 4 * mb

const { launcher, attempt } = manageAttempts()

/** `exactly` where bytes can be taken out of the middle of a file, as most file systems of Linux can; `by copying` anywhere. */
const ways = (await cutsExactly()) ? (['exactly', 'by copying'] as const) : (['by copying'] as const)

async function cutsExactly(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'fermata-cut-'))
  try {
    await writeFile(join(folder, 'stdout'), Buffer.alloc(2 * cap))
    await capLogs(folder, cap)
    return !(await readFile(join(folder, 'stdout'), 'latin1')).includes('about')
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** A log that was cut: what stands before and behind the mark, and the bytes the mark says are missing. */
function parts(log: Buffer): { head: string; leftOut: number; tail: string } {
  const [head = '', leftOut = '', tail = '', ...more] = log
    .toString('latin1')
    .split(/\n\[Fermata left out (?:about )?(\d+) bytes here: this output grew beyond 4.2 MB\] *\n/)
  expect(more).toEqual([])
  return { head, leftOut: Number(leftOut), tail }
}

/** The numbers in whole lines, the first and the last of which may be cut. */
const numbers = (text: string): number[] => text.split('\n').slice(1, -1).map(Number)

/** Places at which a number is not the one after that before it. */
const breaks = (found: readonly number[]) => found.filter((number, index) => index > 0 && number !== Number(found[index - 1]) + 1)

describe.each(ways)('output beyond its cap, cut %s', (way) => {
  beforeEach(() => {
    if (way === 'by copying') vi.spyOn(process, 'platform', 'get').mockReturnValue('darwin')
  })
  afterEach(() => vi.restoreAllMocks())

  it('is cut in its middle while it is written: the beginning and every line of the end stay, in order', async () => {
    const one = await attempt()
    const last = 12_000_000
    const identity = await one.launch(['sh', '-c', `seq 1 ${last}; echo the result`])
    const log = join(one.folder, 'stdout')
    let over = false
    const end = ended(launcher(), one.folder, identity).finally(() => {
      over = true
    })
    const reader = createLogReader()
    let cuts = 0
    while (!over) {
      if (await capLogs(one.folder, cap)) cuts += 1
      await reader.window(log, -10, 10)
    }
    await end
    if (await capLogs(one.folder, cap)) cuts += 1
    expect(cuts).toBeGreaterThan(0)

    const bytes = await readFile(log)
    expect(bytes.length).toBeLessThanOrEqual(cap)
    const { head, leftOut, tail } = parts(bytes)
    expect(breaks(numbers(`\n${head}`))).toEqual([])
    expect(head.startsWith('1\n2\n3\n')).toBe(true)
    const seen = numbers(tail.slice(0, -'the result\n'.length))
    expect(seen.length).toBeGreaterThan(100_000)
    if (way === 'exactly') {
      expect(tail.endsWith(`\n${last}\nthe result\n`)).toBe(true)
      expect(breaks(seen)).toEqual([])
      const printed = Array.from({ length: 8 }, (_, digits) => Math.min(9 * 10 ** digits, last - 10 ** digits + 1) * (digits + 2))
      expect(leftOut + bytes.length - markBytes).toBe(printed.reduce((sum, count) => sum + count, 'the result\n'.length))
    } else {
      // What falls between the last look and the cut makes of two lines one.
      expect(breaks(seen).length).toBeLessThanOrEqual(2 * cuts)
    }
    expect(await reader.window(log, -10, 10)).toEqual(await createLogReader().window(log, -10, 10))
  })

  it('never takes much more than its cap on the disk', async () => {
    const one = await attempt()
    const script = `
      const { statSync, writeFileSync, writeSync } = require('node:fs')
      const block = Buffer.from('all work and no play\\n'.repeat(50_000))
      for (let step = 1; step <= 50; step += 1) {
        writeSync(1, block)
        writeFileSync('written', String(step))
        while (statSync('go').size < step) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
      }
      console.log('the result')`
    writeFileSync(join(one.folder, 'go'), '')
    const identity = await one.launch([process.execPath, '-e', script])
    const log = join(one.folder, 'stdout')
    let cuts = 0
    for (let step = 1; step <= 50; step += 1) {
      await eventually(async () => expect(await readFile(join(one.folder, 'written'), 'utf8')).toBe(String(step)))
      expect(statSync(log).size).toBeLessThan(1.5 * cap)
      if (await capLogs(one.folder, cap)) cuts += 1
      expect(statSync(log).size).toBeLessThanOrEqual(cap)
      appendFileSync(join(one.folder, 'go'), '.')
    }
    await ended(launcher(), one.folder, identity)
    expect(cuts).toBeGreaterThan(20)
    const { head, leftOut, tail } = parts(await readFile(log))
    expect(head.length + leftOut + tail.length).toBe(50 * 50_000 * 21 + 'the result\n'.length)
    expect(tail.endsWith('all work and no play\nthe result\n')).toBe(true)
  })

  it('is cut once, however many ask for it at the same time', async () => {
    const { folder } = await attempt()
    await writeFile(join(folder, 'stdout'), 'x'.repeat(9 * mb))
    expect(await Promise.all([1, 2, 3].map(() => capLogs(folder, cap)))).toEqual([true, false, false])
    const { head, leftOut, tail } = parts(await readFile(join(folder, 'stdout')))
    expect(head.length + leftOut + tail.length).toBe(9 * mb)
  })

  it('keeps the time at which it was written last', async () => {
    const { folder } = await attempt()
    await writeFile(join(folder, 'stderr'), 'x'.repeat(5 * mb))
    const longAgo = new Date('2024-05-06T07:08:09Z')
    await utimes(join(folder, 'stderr'), longAgo, longAgo)
    expect(await capLogs(folder, cap)).toBe(true)
    expect(await lastOutputAt(folder)).toBe(longAgo.getTime())
    expect((await stat(join(folder, 'stderr'))).size).toBeLessThan(cap)
    expect(await capLogs(folder, cap)).toBe(false)
  })
})

describe('output within its cap', () => {
  it('is left alone, and none is no trouble', async () => {
    const { folder } = await attempt()
    expect(await capLogs(folder, cap)).toBe(false)
    await writeFile(join(folder, 'stdout'), 'x'.repeat(cap))
    expect(await capLogs(folder, cap)).toBe(false)
    expect((await stat(join(folder, 'stdout'))).size).toBe(cap)
  })
})
