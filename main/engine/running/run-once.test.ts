import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../../test/support/place.ts'
import { killAll, processesWithMarker } from '../../../test/support/processes.ts'
import { createLauncher } from '../processes/launcher.ts'
import { systemClock } from './clock.ts'
import { LET_GO, type OnceRequest, outputTail, runOnce } from './run-once.ts'

const MARKER = 'once.1.1.test'

let place: Place

beforeEach(() => {
  place = makePlace()
})
afterEach(() => {
  killAll(processesWithMarker(place.root).map(({ pid }) => pid))
  place.remove()
})

const shell = (line: string, keys: Partial<OnceRequest> = {}) =>
  runOnce({
    folder: join(place.root, 'once'),
    argv: ['sh', '-c', line],
    cwd: place.workspace,
    env: { PATH: process.env.PATH ?? '', FERMATA_ATTEMPT: MARKER, FERMATA_WORKSPACE: place.workspace },
    marker: MARKER,
    launcher: createLauncher(),
    clock: systemClock,
    capOutput: async () => {},
    timeoutMs: 20_000,
    ...keys,
  })

describe('a process beside the attempts', () => {
  it('tells how it ended, and what it printed', async () => {
    expect(await shell('echo out; echo err >&2; exit 7')).toEqual({ kind: 'exited', status: 7 })
    expect(await outputTail(join(place.root, 'once'), 'stdout', 2, (text) => text)).toBe('t\n')
    expect(await outputTail(join(place.root, 'once'), 'stderr', 100, (text) => text)).toBe('err\n')
  })

  it('does not start beside one that an earlier Fermata left', async () => {
    // Another launcher does not know the first process, as after a restart.
    const first = shell('touch begun; sleep 300')
    await expect.poll(() => existsSync(place.inWorkspace('begun')), { interval: 10 }).toBe(true)
    expect(await shell('true')).toEqual({ kind: 'exited', status: 0 })
    expect((await first).kind).not.toBe('timeout')
    expect(processesWithMarker(MARKER)).toEqual([])
  })

  it('has its output kept within its limit while it runs, and at its end', async () => {
    let caps = 0
    const capOutput = async () => {
      if (++caps === 2) writeFileSync(place.inWorkspace('go'), '')
    }
    // Every wait is over in a moment, but not that for the time it may take.
    const clock = { ...systemClock, after: (ms: number, run: () => void) => systemClock.after(ms > 10_000 ? ms : 10, run) }
    expect(await shell('until [ -e go ]; do sleep 0.02; done', { capOutput, clock })).toEqual({ kind: 'exited', status: 0 })
    const ended = caps
    expect(ended).toBeGreaterThanOrEqual(3)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(caps).toBe(ended)
  })

  it('leaves nothing running where nothing may be left', async () => {
    const left: unknown[] = []
    expect(await shell('sleep 300 >/dev/null 2>&1 &', { onLeft: (survivors) => left.push(survivors) })).toEqual({
      kind: 'exited',
      status: 0,
    })
    expect([left, processesWithMarker(MARKER)]).toEqual([[[]], []])
  })

  it('never starts when nobody wants it any more', async () => {
    writeFileSync(place.inWorkspace('a'), '')
    expect(await shell('rm a', { signal: AbortSignal.abort() })).toEqual({ kind: 'aborted' })
    expect(existsSync(place.inWorkspace('a'))).toBe(true)
  })
})

describe('a process that outlives Fermata', () => {
  const WAITS = 'echo begun >>log; until [ -e go ]; do sleep 0.05; done; echo ended >>log; exit 5'
  const log = () =>
    existsSync(place.inWorkspace('log')) ? readFileSync(place.inWorkspace('log'), 'utf8').trim().split('\n') : []

  /** Begun by a Fermata that has let go of it. Each call of `shell` has a launcher of its own, as after a restart. */
  async function left(line = WAITS): Promise<void> {
    const closing = new AbortController()
    const run = shell(line, { adopt: true, signal: closing.signal })
    await expect.poll(log, { interval: 10 }).toEqual(['begun'])
    closing.abort(LET_GO)
    expect(await run).toEqual({ kind: 'aborted' })
    expect(processesWithMarker(place.root)).not.toEqual([])
  }

  it('is adopted, and not made anew', async () => {
    await left()
    const adopted = shell(WAITS, { adopt: true })
    writeFileSync(place.inWorkspace('go'), '')
    expect(await adopted).toEqual({ kind: 'exited', status: 5 })
    expect(log()).toEqual(['begun', 'ended'])
  })

  it('and ends meanwhile counts as if watched, though the system does not tell at once', async () => {
    await left()
    writeFileSync(place.inWorkspace('go'), '')
    await expect.poll(() => processesWithMarker(place.root), { interval: 10 }).toEqual([])
    const launcher = createLauncher()
    let asked = 0
    const inspect: typeof launcher.inspect = async (...what) => {
      if (++asked === 1) throw new Error('EMFILE')
      return launcher.inspect(...what)
    }
    const clock = { ...systemClock, after: (_: number, run: () => void) => systemClock.after(0, run) }
    expect(await shell(WAITS, { adopt: true, launcher: { ...launcher, inspect }, clock })).toEqual({ kind: 'exited', status: 5 })
    expect(log()).toEqual(['begun', 'ended'])
  })

  it('has its time counted from its true start', async () => {
    await left()
    const clock = { ...systemClock, awake: () => systemClock.awake() + 20_000 }
    expect(await shell(WAITS, { adopt: true, clock })).toEqual({ kind: 'timeout' })
    expect(processesWithMarker(place.root)).toEqual([])
  })

  it('is made anew when it was lost without a trace', async () => {
    await left()
    killAll(processesWithMarker(place.root).map(({ pid }) => pid))
    await expect.poll(() => processesWithMarker(place.root), { interval: 10 }).toEqual([])
    writeFileSync(place.inWorkspace('go'), '')
    expect(await shell(WAITS, { adopt: true })).toEqual({ kind: 'exited', status: 5 })
    expect(log()).toEqual(['begun', 'begun', 'ended'])
  })

  it('is stopped when nobody wants it any more', async () => {
    await left()
    expect(await shell(WAITS, { adopt: true, signal: AbortSignal.abort() })).toEqual({ kind: 'aborted' })
    expect(processesWithMarker(place.root)).toEqual([])
    expect(log()).toEqual(['begun'])
  })
})
