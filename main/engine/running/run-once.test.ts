import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../../test/support/place.ts'
import { processesWithMarker } from '../../../test/support/processes.ts'
import { createLauncher } from '../processes/launcher.ts'
import { systemClock } from './clock.ts'
import { type OnceRequest, outputTail, runOnce } from './run-once.ts'

const MARKER = 'once.1.1.test'

let place: Place

beforeEach(() => {
  place = makePlace()
})
afterEach(() => place.remove())

const shell = (line: string, keys: Partial<OnceRequest> = {}) =>
  runOnce({
    folder: join(place.root, 'once'),
    argv: ['sh', '-c', line],
    cwd: place.workspace,
    env: { PATH: process.env.PATH ?? '', FERMATA_ATTEMPT: MARKER },
    marker: MARKER,
    launcher: createLauncher(),
    clock: systemClock,
    timeoutMs: 20_000,
    ...keys,
  })

describe('a process beside the attempts', () => {
  it('tells how it ended, and what it printed', async () => {
    expect(await shell('echo out; echo err >&2; exit 7')).toEqual({ kind: 'exited', status: 7 })
    expect(await outputTail(join(place.root, 'once'), 'stdout', 2)).toBe('t\n')
    expect(await outputTail(join(place.root, 'once'), 'stderr', 100)).toBe('err\n')
  })

  it('does not start beside one that an earlier Fermata left', async () => {
    // Another launcher does not know the first process, as after a restart.
    const first = shell('touch begun; sleep 300')
    await expect.poll(() => existsSync(place.inWorkspace('begun')), { interval: 10 }).toBe(true)
    expect(await shell('true')).toEqual({ kind: 'exited', status: 0 })
    expect((await first).kind).not.toBe('timeout')
    expect(processesWithMarker(MARKER)).toEqual([])
  })

  it('never starts when nobody wants it any more', async () => {
    writeFileSync(place.inWorkspace('a'), '')
    expect(await shell('rm a', { signal: AbortSignal.abort() })).toEqual({ kind: 'aborted' })
    expect(existsSync(place.inWorkspace('a'))).toBe(true)
  })
})
