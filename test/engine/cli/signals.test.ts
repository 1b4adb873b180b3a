import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type GatedScore, gatedScore, makePlace, type Place } from '../../support/place.ts'
import { killAll, processesWithMarker } from '../../support/processes.ts'
import { until } from '../../support/wait.ts'
import { fermata, type RunningCommand } from './command.ts'

describe('a running fermata command', () => {
  let place: Place
  let score: GatedScore
  beforeEach(() => {
    place = makePlace()
    score = gatedScore(place, 'gated', 3)
  })
  afterEach(() => {
    killAll(processesWithMarker(place.root).map(({ pid }) => pid))
    place.remove()
  })

  /** The command, with its first sheet at work. */
  const atWork = async (...options: string[]): Promise<RunningCommand> => {
    const command = fermata(place, [score.path, ...options])
    await until('sheet 1 works', () => score.journal().includes('start 1 attempt 1'))
    return command
  }

  it('pauses after the sheet in flight at Ctrl-C, and goes on there when it is started again', async () => {
    const first = await atWork()
    first.signal('SIGINT')
    await first.says('Pausing after this sheet')
    score.open(1)
    const { status, stdout, stderr } = await first.ended
    expect({ status, stderr }).toEqual({ status: 3, stderr: '' })
    expect(stdout).toContain('gated: Paused by you after sheet 1')
    expect(score.journal()).toEqual(['start 1 attempt 1', 'end 1 attempt 1'])

    score.open(2, 3)
    const second = await fermata(place, [score.path]).ended
    expect(second.status).toBe(0)
    expect(second.stdout).toContain('Going on with job gated-')
    expect(score.journal()).toEqual([1, 2, 3].flatMap((sheet) => [`start ${sheet} attempt 1`, `end ${sheet} attempt 1`]))
  })

  it('cancels at the second Ctrl-C, and leaves no process behind', async () => {
    const command = await atWork()
    command.signal('SIGINT')
    await command.says('Pausing after this sheet')
    command.signal('SIGINT')
    const { status, stdout } = await command.ended
    expect(status).toBe(130)
    expect(stdout).toContain('gated: Cancelled by you during sheet 1')
    expect(processesWithMarker(place.root)).toEqual([])
    expect(score.journal()).toEqual(['start 1 attempt 1'])
  })

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('leaves its sheet running at %s, and takes it up again when it is started again', async (signal, expected) => {
    const first = await atWork()
    first.signal(signal)
    const { status, stdout } = await first.ended
    expect(status).toBe(expected)
    expect(stdout).toContain('Sheet 1 runs on without Fermata')
    expect(processesWithMarker(place.root)).not.toEqual([])

    score.open(1, 2, 3)
    expect(await fermata(place, [score.path]).ended).toMatchObject({ status: 0 })
    expect(score.journal()).toEqual([1, 2, 3].flatMap((sheet) => [`start ${sheet} attempt 1`, `end ${sheet} attempt 1`]))
  })

  it('runs a sheet again that was lost while nobody was there', async () => {
    const first = await atWork()
    first.signal('SIGKILL')
    await first.ended
    killAll(processesWithMarker(place.root).map(({ pid }) => pid))

    score.open(1, 2, 3)
    const { status, stdout } = await fermata(place, [score.path]).ended
    expect(status).toBe(0)
    expect(stdout).toContain('its process is gone without a result')
    expect(score.journal().slice(0, 3)).toEqual(['start 1 attempt 1', 'start 1 attempt 2', 'end 1 attempt 2'])
    expect(readdirSync(place.workspace)).toContain('sheet-3.md')
  })

  it('gives up the unfinished job with --fresh', async () => {
    const first = await atWork()
    first.signal('SIGTERM')
    await first.ended

    score.open(1, 2, 3)
    const { status, stdout } = await fermata(place, [score.path, '--fresh']).ended
    expect(status).toBe(0)
    expect(stdout).toContain('Giving up the unfinished job gated-')
    expect(score.journal().filter((line) => line === 'start 1 attempt 1')).toHaveLength(2)
  })

  it('keeps a second one out of its data folder', async () => {
    const first = await atWork()
    const { status, stdout, stderr } = await fermata(place, [score.path]).ended
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr.replace(/process \d+/, 'process N')).toBe(
      `fermata: Another Fermata (process N) is using ${place.dataDir}.\n  Quit the other one, or choose another folder with --data-dir.\n`,
    )
    first.signal('SIGTERM')
    await first.ended
  })

  it('says in NDJSON what a signal led to', async () => {
    const command = await atWork('--json')
    command.signal('SIGINT')
    await command.says('Pausing after this sheet')
    score.open(1)
    const { status, stdout } = await command.ended
    expect(status).toBe(3)
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(records).toContainEqual(expect.objectContaining({ type: 'log', event: 'info' }))
    expect(records.at(-1)).toMatchObject({ type: 'job', event: 'paused', data: { completed_sheets: 1 } })
  })
})
