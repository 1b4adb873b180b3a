import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MONSTERS, type Monster } from './monsters.ts'
import type { Peak } from './peak.ts'

/** What reading any text may take of memory, beyond what a Node that does nothing takes. */
const MOST_MB = 256

const PEAK = join(import.meta.dirname, 'peak.ts')
const BARE = 'console.log(process.resourceUsage().maxRSS / 1024)'

/**
 * What a Node started with `args` prints. Through a shell that stays: a process that is started directly counts the memory of
 * the one that started it as its own.
 */
async function node(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', '"$@"; exit $?', 'sh', process.execPath, ...args])
  return stdout
}

let folder: string
let bareMb: number
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fermata-memory-'))
  bareMb = Number(await node('-e', BARE))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe.concurrent(`a process that reads a monstrous score needs less than ${MOST_MB} MB for it`, () => {
  it.each<Monster>([
    'a bomb of aliases',
    '10 MB of one text',
    '10 MB of noise',
    '10,000 sheets with dependencies',
    '10,000 sheets by fan-out',
    'as long a line as may be read',
    'as many empty mappings as may be read',
    'as many brackets too many as may be read',
    'deep nesting by question marks',
  ])('%s', { timeout: 300_000 }, async (name) => {
    const file = join(folder, name)
    writeFileSync(file, MONSTERS[name]())
    const { answer, peakMb }: Peak = JSON.parse(await node(PEAK, file))
    expect(answer.fault).toBeNull()
    expect(answer.errors > 0).toBe(answer.sheets === 0)
    expect(peakMb - bareMb).toBeLessThan(MOST_MB)
  })
})
