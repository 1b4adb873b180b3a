import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { followLog } from '../../../main/engine/logs/follow.ts'
import { ended, eventually, manageAttempts } from '../processes/attempts.ts'

const { launcher, attempt } = manageAttempts()

describe('following a log', () => {
  it('tells of what is there, of a write soon after it, and of many writes ten times a second', async () => {
    const one = await attempt()
    const log = join(one.folder, 'stdout')
    const told: [size: number, at: number][] = []
    const stop = followLog(log, (size) => told.push([size, performance.now()]))
    try {
      await eventually(() => expect(told.map(([size]) => size)).toEqual([0]))
      const identity = await one.launch(['sh', '-c', 'for n in $(seq 1 20000); do echo line $n; done; echo end'])
      await ended(launcher(), one.folder, identity)
      const { length } = await readFile(log)
      await eventually(() => expect(told.at(-1)?.[0]).toBe(length))
      for (const [index, [, at]] of told.entries()) expect(at - (told[index - 1]?.[1] ?? -1000)).toBeGreaterThan(90)

      await writeFile(log, 'replaced')
      await eventually(() => expect(told.at(-1)?.[0]).toBe(8))
      stop()
      const before = told.length
      await writeFile(log, 'not told any more')
      await new Promise<void>((resolve) => {
        const stopOther = followLog(log, () => {
          stopOther()
          resolve()
        })
      })
      expect(told.length).toBe(before)
    } finally {
      stop()
    }
  })
})
