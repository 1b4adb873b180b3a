import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createLogReader } from '../../../main/engine/logs/log-window.ts'
import { createLogSearch } from '../../../main/engine/logs/search.ts'
import { ended, manageAttempts } from '../processes/attempts.ts'

const { launcher, attempt } = manageAttempts()

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
/** What logs are known to break on, with something to be found behind each. */
const pieces = [
  Buffer.from('unix\nwindows\r\nmac\r\n'),
  Buffer.from('nul \0 in between\n'),
  Buffer.concat([Buffer.from('no utf-8: '), Buffer.from([0xff, 0xc3, 0x28, 0xe2, 0x82]), Buffer.from('\n')]),
  Buffer.concat([everyByte, Buffer.from('\n')]),
  Buffer.from(`10%\r50%\r100%\n\u001b[1;32mgreen\u001b[0m\n`),
  Buffer.from(`${'long '.repeat(2_000_000)}end of 10 MB\n`),
  randomBytes(1_000_000),
  Buffer.from('\nwithout a newline at the end'),
]

/** Passes its standard input on in writes of many lengths. */
const passOn = `
  const { writeSync } = require('node:fs')
  let turn = 0
  process.stdin.on('data', (bytes) => {
    for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at, Math.min(bytes.length - at, 1 + ((turn++ * 7919) % 70_000)))
  })`

describe('the output of a process', () => {
  it('stands in its log byte for byte, whoever reads meanwhile', async () => {
    const one = await attempt()
    const printed = Buffer.concat(pieces)
    await writeFile(join(one.folder, 'prompt'), printed)
    const identity = await one.launch([process.execPath, '-e', passOn], { promptOnStdin: true })
    const log = join(one.folder, 'stdout')
    const logs = createLogReader()
    let over = false
    const end = ended(launcher(), one.folder, identity).finally(() => {
      over = true
    })
    const sizes: number[] = []
    while (!over) sizes.push((await logs.window(log, -50, 50)).sizeBytes)
    expect(await end).toEqual({ kind: 'exited', status: 0 })
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b))
    expect((await readFile(log)).equals(printed)).toBe(true)

    const followed = await logs.window(log, -50, 50)
    expect(followed).toEqual(await createLogReader().window(log, -50, 50))
    expect(followed.lines.at(-1)).toBe('without a newline at the end')
    const { lines } = await logs.window(log, 1, 5)
    expect(lines).toEqual(['unix', 'windows', 'mac', 'nul \0 in between', 'no utf-8: \u{fffd}\u{fffd}(\u{fffd}'])

    const search = createLogSearch()
    const query = { regex: false, caseSensitive: true }
    for (const text of ['green', '100%', 'end of 10 MB', 'without a newline']) {
      expect((await search.search(log, { ...query, text }, 1, 2)).hits).toHaveLength(1)
    }
    expect((await search.search(log, { ...query, text: '50%' }, 1, 2)).hits).toEqual([])
  })
})
